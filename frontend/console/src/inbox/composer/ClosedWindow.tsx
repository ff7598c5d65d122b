import { Button, Text } from '@mantine/core';
import { IconLock, IconPlugConnected } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import classes from './Composer.module.css';

const known = ['window_closed', 'window_never_opened', 'inbox_disconnected'] as const;
type Known = (typeof known)[number];

/** Stands where the reply would be written: why it cannot, and what can be done instead. */
export function ClosedWindow({ conversation, onNote }: { conversation: Conversation; onNote: () => void }) {
  const { t } = useTranslation();
  const { code, message } = conversation.window;
  const reason: Known | null = known.find((each) => each === (code ?? 'window_closed')) ?? null;
  return (
    <div className={classes.shut} role="note" data-testid="window-closed">
      <span className={classes.shutSign} aria-hidden>
        <IconLock size={18} stroke={1.7} />
      </span>
      <div className={classes.shutText}>
        <Text fw={600}>{reason ? t(`window.${reason}.title`) : t('window.other')}</Text>
        <Text c="dimmed" fz="sm">
          {reason ? t(`window.${reason}.text`) : message}
        </Text>
      </div>
      {reason === 'inbox_disconnected' ? (
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={16} stroke={1.7} aria-hidden />}
          renderRoot={(props) => <Link to="/settings/channels" {...props} />}
        >
          {t('thread.channelRepair')}
        </Button>
      ) : (
        <Button variant="default" onClick={onNote}>
          {t('window.writeNote')}
        </Button>
      )}
    </div>
  );
}
