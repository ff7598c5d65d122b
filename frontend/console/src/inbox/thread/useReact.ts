import { useQueryClient } from '@tanstack/react-query';
import { react, type Message } from '@parley/kit/api';
import { showProblem } from '../../app/problem';
import { applyItem } from '../../realtime/apply';
import { useMe } from '../../session/session';
import { useThread } from './context';

/** Gives the way to react to a message, or to take the reaction back; shown at once. */
export function useReact(message: Message): (emoji: string | null) => void {
  const client = useQueryClient();
  const me = useMe();
  const { capabilities } = useThread();
  return (emoji) => {
    if (!capabilities?.reactions) return;
    const theirs = message.reactions.filter((reaction) => reaction.author.type === 'contact');
    const author = { type: 'member' as const, id: me.member.id, name: me.member.display_name };
    applyItem(client, { ...message, reactions: emoji ? [...theirs, { emoji, author }] : theirs });
    react(message.id, emoji).then(
      (fresh) => applyItem(client, fresh),
      (error: unknown) => {
        applyItem(client, message);
        showProblem(error);
      },
    );
  };
}
