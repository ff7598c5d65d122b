import { Skeleton } from '@mantine/core';
import { IconMessageOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { PaneProblem, PaneState } from '../../app/PaneState';
import { useMe } from '../../session/session';
import { markRead } from '../actions';
import { Composer } from '../composer/Composer';
import { useConversation } from '../queries';
import { MessageList } from './MessageList';
import { ThreadBanner } from './ThreadBanner';
import { ThreadHeader } from './ThreadHeader';
import { ThreadProvider } from './context';

type Props = { id: string; onDetails: () => void; detailsAreShown: boolean };

export function Thread({ id, onDetails, detailsAreShown }: Props) {
  const { t } = useTranslation();
  const conversation = useConversation(id);
  if (conversation.isPending) return <ThreadSkeleton />;
  if (conversation.isError && !conversation.data) {
    return <PaneProblem error={conversation.error} onRetry={conversation.refetch} />;
  }
  if (!conversation.data) {
    return <PaneState icon={IconMessageOff} title={t('thread.missingTitle')} text={t('thread.missingText')} />;
  }
  return <OpenThread conversation={conversation.data} onDetails={onDetails} detailsAreShown={detailsAreShown} />;
}

type OpenProps = Omit<Props, 'id'> & { conversation: Conversation };

function OpenThread({ conversation, onDetails, detailsAreShown }: OpenProps) {
  const [unreadAtOpening] = useState(conversation.unread_count);
  const [wasMarkedUnread, setWasMarkedUnread] = useState(false);
  useReading(conversation, !wasMarkedUnread);
  return (
    <ThreadProvider conversation={conversation}>
      <ThreadHeader
        conversation={conversation}
        onDetails={onDetails}
        detailsAreShown={detailsAreShown}
        onMarkedUnread={() => setWasMarkedUnread(true)}
      />
      <ThreadBanner conversation={conversation} />
      <MessageList conversation={conversation} unreadAtOpening={unreadAtOpening} />
      <Composer conversation={conversation} />
    </ThreadProvider>
  );
}

/** What is on screen in front of somebody counts as read. */
function useReading(conversation: Conversation, isOn: boolean): void {
  const client = useQueryClient();
  const me = useMe();
  const memberId = me.member.id;
  const hasUnread = conversation.unread_count > 0;
  const canRead = me.permissions.includes('conversations.write');
  useEffect(() => {
    if (!hasUnread || !isOn || !canRead) return undefined;
    const read = () => {
      if (document.visibilityState === 'visible') void markRead(client, conversation, memberId);
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
    // The row changes with every frame; only the arrival of something unread matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, conversation.id, conversation.arrived_count, hasUnread, isOn, canRead, memberId]);
}

const bubbles = [
  { width: '46%', isOurs: false },
  { width: '34%', isOurs: false },
  { width: '52%', isOurs: true },
  { width: '40%', isOurs: false },
];

function ThreadSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('common.loading')} style={{ padding: 20, display: 'grid', gap: 18 }}>
      <Skeleton h={22} w={180} mb={20} />
      {bubbles.map(({ width, isOurs }) => (
        <Skeleton key={width} h={46} w={width} radius={16} ms={isOurs ? 'auto' : 0} />
      ))}
    </div>
  );
}
