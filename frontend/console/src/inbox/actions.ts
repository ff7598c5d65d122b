/** What a member does to a conversation: shown at once, confirmed by the answer, undone when refused. */

import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import * as api from '@parley/kit/api';
import type { Conversation } from '@parley/kit/api';
import { keys } from '../app/keys';
import { showDone, showProblem } from '../app/problem';
import { applyConversation } from '../realtime/apply';
import { asking } from '../realtime/replay';
import { useMe } from '../session/session';
import { nameOf } from '../app/words';

type Guess = Partial<Conversation>;

async function act(
  client: QueryClient,
  memberId: string,
  before: Conversation,
  guess: Guess,
  call: () => Promise<Conversation>,
): Promise<boolean> {
  applyConversation(client, { ...before, ...guess }, memberId);
  try {
    await asking(client, memberId, call);
    void client.invalidateQueries({ queryKey: keys.counts });
    return true;
  } catch (error) {
    showProblem(error);
    // Somebody else may have changed it meanwhile: ask instead of guessing back.
    applyConversation(client, before, memberId);
    void client.invalidateQueries({ queryKey: keys.conversation(before.id) });
    return false;
  }
}

/** The verbs on one conversation. Each gives whether it worked. */
export function useConversationActions(conversation: Conversation) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe();
  return useMemo(() => {
    const { id } = conversation;
    const name = nameOf(conversation.contact);
    const run = (guess: Guess, call: () => Promise<Conversation>) =>
      act(client, me.member.id, conversation, guess, call);
    const saying = async (done: Promise<boolean>, words: string) => {
      const worked = await done;
      if (worked) showDone(words);
      return worked;
    };
    return {
      assign: (member: { id: string; name: string } | null) =>
        run({ assignee: member }, () => api.assign(id, member?.id ?? null)),
      assignMe: () =>
        run({ assignee: { id: me.member.id, name: me.member.display_name } }, () => api.assign(id, me.member.id)),
      setTeam: (team: { id: string; name: string } | null) => run({ team }, () => api.setTeam(id, team?.id ?? null)),
      setPriority: (priority: api.Priority) => run({ priority }, () => api.setPriority(id, priority)),
      setTags: (tags: api.Tag[]) =>
        run({ tags }, () =>
          api.setTags(
            id,
            tags.map((tag) => tag.id),
          ),
        ),
      close: () =>
        saying(
          run({ status: 'closed', closed_at: new Date().toISOString() }, () => api.closeConversation(id)),
          t('inbox.closedToast', { name }),
        ),
      reopen: () => run({ status: 'open', closed_at: null, snoozed_until: null }, () => api.reopenConversation(id)),
      snooze: (until: Date) =>
        saying(
          run({ status: 'snoozed', snoozed_until: until.toISOString() }, () =>
            api.snoozeConversation(id, until.toISOString()),
          ),
          t('inbox.snoozedToast', { name }),
        ),
      markUnread: () => run({ unread_count: Math.max(1, conversation.unread_count) }, () => api.markUnread(id)),
    };
  }, [client, conversation, me.member.display_name, me.member.id, t]);
}

export type ConversationActions = ReturnType<typeof useConversationActions>;

/** Tells the server that everything up to now was read. Nobody waits for it and nobody hears of a failure. */
export async function markRead(client: QueryClient, conversation: Conversation, memberId: string): Promise<void> {
  applyConversation(client, { ...conversation, unread_count: 0 }, memberId);
  await asking(client, memberId, () => api.markRead(conversation.id)).catch(() => undefined);
  void client.invalidateQueries({ queryKey: keys.counts });
}
