import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { fullTime, longSpan } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { useNow } from '../../app/now';
import { useInboxes } from '../queries';
import { Facts } from './Facts';
import classes from './Details.module.css';

export function ConversationFacts({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const inbox = useInboxes().data?.find((each) => each.id === conversation.inbox_id);
  const { window, waiting_since: waiting } = conversation;
  const left = window.closes_at ? Date.parse(window.closes_at) - now : null;
  const isShut = !window.is_open || (left !== null && left <= 0);
  const windowText = isShut
    ? t('details.windowClosed')
    : left !== null
      ? t('details.windowCloses', { span: longSpan(left, locale) })
      : null;
  const tags = conversation.tags.length > 0 && (
    <span className={classes.tags}>
      {conversation.tags.map((tag) => (
        <bdi key={tag.id} className={classes.tag}>
          {tag.name}
        </bdi>
      ))}
    </span>
  );
  return (
    <Facts
      facts={[
        [t('details.number'), `#${conversation.number}`],
        [t('details.status'), t(`status.${conversation.status}`)],
        [t('details.inbox'), inbox?.name],
        [t('details.assignee'), conversation.assignee?.name ?? t('views.unassigned')],
        [t('details.team'), conversation.team?.name],
        [t('thread.priority'), conversation.priority === 'none' ? null : t(`priority.${conversation.priority}`)],
        [t('thread.tags'), tags],
        [t('details.waiting'), waiting && longSpan(now - Date.parse(waiting), locale)],
        [t('details.window'), windowText],
        [t('details.messages'), String(conversation.arrived_count)],
        [t('details.started'), fullTime(conversation.created_at, locale)],
        [t('details.closed'), conversation.closed_at && fullTime(conversation.closed_at, locale)],
      ]}
    />
  );
}
