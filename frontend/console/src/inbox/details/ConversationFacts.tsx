import { ActionIcon } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { fullTime, longSpan } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { useNow } from '../../app/now';
import { useCan } from '../../session/session';
import { useConversationActions } from '../actions';
import { useInboxes } from '../queries';
import { TagPicker } from '../thread/TagPicker';
import { Facts } from './Facts';
import classes from './Details.module.css';

export function ConversationFacts({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const canWrite = useCan('conversations.write');
  const inbox = useInboxes().data?.find((each) => each.id === conversation.inbox_id);
  const { window, waiting_since: waiting } = conversation;
  const left = window.closes_at ? Date.parse(window.closes_at) - now : null;
  const isShut = !window.is_open || (left !== null && left <= 0);
  const windowText = isShut
    ? t('details.windowClosed')
    : left !== null
      ? t('details.windowCloses', { span: longSpan(left, locale) })
      : null;
  return (
    <Facts
      facts={[
        [t('details.number'), `#${conversation.number}`],
        [t('details.status'), t(`status.${conversation.status}`)],
        [t('details.inbox'), inbox?.name],
        [t('details.assignee'), conversation.assignee?.name ?? t('views.unassigned')],
        [t('details.team'), conversation.team?.name],
        [t('thread.priority'), conversation.priority === 'none' ? null : t(`priority.${conversation.priority}`)],
        [t('thread.tags'), (canWrite || conversation.tags.length > 0) && <Tags key={conversation.id} conversation={conversation} />],
        [t('details.waiting'), waiting && longSpan(now - Date.parse(waiting), locale)],
        [t('details.window'), windowText],
        [t('details.messages'), String(conversation.arrived_count)],
        [t('details.started'), fullTime(conversation.created_at, locale)],
        [t('details.closed'), conversation.closed_at && fullTime(conversation.closed_at, locale)],
      ]}
    />
  );
}

/** The tags, changed in place. */
function Tags({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const canWrite = useCan('conversations.write');
  const actions = useConversationActions(conversation);
  const [isOpen, setIsOpen] = useState(false);
  const Sign = conversation.tags.length > 0 ? IconPencil : IconPlus;
  return (
    <span className={classes.tags}>
      {conversation.tags.map((tag) => (
        <bdi key={tag.id} className={classes.tag}>
          {tag.name}
        </bdi>
      ))}
      {canWrite && (
        <TagPicker conversation={conversation} actions={actions} isOpen={isOpen} onOpenChange={setIsOpen}>
          <ActionIcon size={22} aria-label={t('tags.change')} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            <Sign size={14} stroke={1.8} />
          </ActionIcon>
        </TagPicker>
      )}
    </span>
  );
}
