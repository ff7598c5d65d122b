import { Button, CopyButton } from '@mantine/core';
import { IconCopy, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { retryMessage, type Message } from '@parley/kit/api';
import { showProblem } from '../../app/problem';
import { applyItem } from '../../realtime/apply';
import classes from './MessageList.module.css';

/** Why a message did not arrive, and what can be done about it. */
export function DeliveryProblem({ message }: { message: Message }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const reason = message.delivery?.reason;
  const retrying = useMutation({
    mutationFn: () => retryMessage(message.id),
    onSuccess: (fresh) => applyItem(client, fresh),
    onError: showProblem,
  });
  return (
    <div className={classes.problem} role="group" aria-label={t('delivery.failed')} data-testid="delivery-problem">
      <p>
        <strong>{reason?.message ?? t('delivery.failedUnknown')}</strong>
        {reason?.hint && <span> {reason.hint}</span>}
      </p>
      <div className={classes.problemTools}>
        {reason?.can_retry !== false && (
          <Button
            size="compact-sm"
            variant="light"
            color="red"
            loading={retrying.isPending}
            leftSection={<IconRefresh size={15} stroke={1.8} aria-hidden />}
            onClick={() => retrying.mutate()}
          >
            {t('delivery.retry')}
          </Button>
        )}
        {message.text && <CopyWords text={message.text} />}
      </div>
    </div>
  );
}

export function CopyWords({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconCopy size={15} stroke={1.8} aria-hidden />}
          onClick={copy}
        >
          {copied ? t('common.copied') : t('common.copy')}
        </Button>
      )}
    </CopyButton>
  );
}
