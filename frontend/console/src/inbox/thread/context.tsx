import { createContext, use, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Capabilities, Conversation, Message } from '@parley/kit/api';
import { useInboxes } from '../queries';

type ThreadContext = {
  /** True while the channel takes any kind of message in this conversation. */
  takesAnything: boolean;
  /** What the channel can do; null until it is known. */
  capabilities: Capabilities | null;
  setReplyTo: (message: Message | null) => void;
  /** Where the thread tells the composer to take the focus. */
  focusComposer: { current: (() => void) | null };
};

const Context = createContext<ThreadContext | null>(null);
/** Apart, because every message hears of a change above and only the composer of this one. */
const ReplyContext = createContext<Message | null>(null);

/** What the parts of one open conversation share. */
export function ThreadProvider({ conversation, children }: { conversation: Conversation; children: ReactNode }) {
  const inbox = useInboxes().data?.find((each) => each.id === conversation.inbox_id);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const focusComposer = useRef<(() => void) | null>(null);
  const capabilities = inbox?.capabilities ?? null;
  const takesAnything = conversation.window.allowed === 'anything';
  const value = useMemo(
    () => ({ takesAnything, capabilities, setReplyTo, focusComposer }),
    [takesAnything, capabilities],
  );
  return (
    <Context value={value}>
      <ReplyContext value={replyTo}>{children}</ReplyContext>
    </Context>
  );
}

/** The message that the next reply answers. */
export const useReplyTo = (): Message | null => use(ReplyContext);

export function useThread(): ThreadContext {
  const thread = use(Context);
  if (!thread) throw new Error('no conversation is open here');
  return thread;
}
