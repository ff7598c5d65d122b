import { createContext, use, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Capabilities, Conversation, Message } from '@parley/kit/api';
import { useInboxes } from '../queries';

type ThreadContext = {
  conversation: Conversation;
  /** What the channel can do; null until it is known. */
  capabilities: Capabilities | null;
  replyTo: Message | null;
  setReplyTo: (message: Message | null) => void;
  /** Where the thread tells the composer to take the focus. */
  focusComposer: { current: (() => void) | null };
};

const Context = createContext<ThreadContext | null>(null);

/** What the parts of one open conversation share. */
export function ThreadProvider({ conversation, children }: { conversation: Conversation; children: ReactNode }) {
  const inbox = useInboxes().data?.find((each) => each.id === conversation.inbox_id);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const focusComposer = useRef<(() => void) | null>(null);
  const value = useMemo(
    () => ({ conversation, capabilities: inbox?.capabilities ?? null, replyTo, setReplyTo, focusComposer }),
    [conversation, inbox, replyTo],
  );
  return <Context value={value}>{children}</Context>;
}

export function useThread(): ThreadContext {
  const thread = use(Context);
  if (!thread) throw new Error('no conversation is open here');
  return thread;
}
