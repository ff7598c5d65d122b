import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/kit/api';
import { useReact } from './useReact';
import { nameOf } from '../../app/words';
import classes from './MessageList.module.css';

/** The reactions under a bubble; pressing the team's own takes it back. */
export function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation();
  const react = useReact(message);
  const groups = Map.groupBy(message.reactions, (reaction) => reaction.emoji);
  return (
    <div className={classes.reactions} role="group" aria-label={t('thread.reactions')}>
      {[...groups].map(([emoji, reactions]) => {
        const isOurs = reactions.some((reaction) => reaction.author.type !== 'contact');
        const names = reactions.map((reaction) => nameOf(reaction.author)).join(', ');
        return (
          <button
            key={emoji}
            type="button"
            className={classes.reaction}
            data-ours={isOurs || undefined}
            title={names}
            aria-label={t('thread.reactionBy', { emoji, names })}
            onClick={() => react(isOurs ? null : emoji)}
          >
            {emoji}
            {reactions.length > 1 && <span>{reactions.length}</span>}
          </button>
        );
      })}
    </div>
  );
}
