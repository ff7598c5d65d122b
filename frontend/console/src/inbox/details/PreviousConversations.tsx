import { Skeleton, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { dateOnly } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { usePreview } from '../list/preview';
import { usePrevious } from '../queries';
import classes from './Details.module.css';

export function PreviousConversations({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const previous = usePrevious(conversation.contact.id);
  if (previous.isPending) return <Skeleton h={48} />;
  const others = (previous.data?.items ?? []).filter((each) => each.id !== conversation.id);
  if (others.length === 0) {
    return (
      <Text c="dimmed" fz="sm">
        {t('details.noPrevious')}
      </Text>
    );
  }
  return (
    <ul className={classes.previous}>
      {others.map((each) => (
        <li key={each.id}>
          <Previous conversation={each} />
        </li>
      ))}
    </ul>
  );
}

function Previous({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const preview = usePreview(conversation);
  return (
    <Link to="/inbox/$conversationId" params={{ conversationId: conversation.id }} className={classes.previousLink}>
      <span className={classes.previousHead}>
        <span>#{conversation.number}</span>
        <span>{t(`status.${conversation.status}`)}</span>
        <span>{dateOnly(conversation.last_message_at, locale)}</span>
      </span>
      <span className="p-truncate" dir="auto">
        {preview.text}
      </span>
    </Link>
  );
}
