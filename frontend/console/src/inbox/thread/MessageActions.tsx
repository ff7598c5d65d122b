import { IconDots, IconMessageReply, IconMoodSmile } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/kit/api';
import { useCan } from '../../session/session';
import { useThread } from './context';
import { MessageMenu } from './MessageMenu';
import { ReactionPicker } from './ReactionPicker';
import classes from './MessageList.module.css';

const MessageLife = lazy(() => import('./MessageLife').then((room) => ({ default: room.MessageLife })));

/**
 * What can be done with one message; beside its bubble, on hover or focus.
 *
 * A thread has hundreds of these: they are plain buttons, and what a button opens is made when it is first pressed.
 */
export function MessageActions({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { capabilities, takesAnything, setReplyTo, focusComposer } = useThread();
  const canSend = useCan('messages.send') && takesAnything;
  const [usesPicker, setUsesPicker] = useState(false);
  const [usesMenu, setUsesMenu] = useState(false);
  const [showsLife, setShowsLife] = useState(false);
  const isThere = message.revoked_at === null && message.is_readable && message.external_id !== null;
  const reply = () => {
    setReplyTo(message);
    focusComposer.current?.();
  };
  const tool = (label: string, Sign: typeof IconDots, onClick: () => void) => (
    <button type="button" className={classes.tool} aria-label={label} title={label} onClick={onClick}>
      <Sign size={17} stroke={1.7} className={Sign === IconMessageReply ? classes.flip : undefined} aria-hidden />
    </button>
  );
  const smile = tool(t('thread.react'), IconMoodSmile, () => setUsesPicker(true));
  const dots = tool(t('thread.messageMenu'), IconDots, () => setUsesMenu(true));
  return (
    <div className={classes.actions}>
      {canSend &&
        isThere &&
        capabilities?.reactions &&
        (usesPicker ? <ReactionPicker message={message} /> : smile)}
      {canSend && isThere && capabilities?.reply_to && tool(t('thread.replyTo'), IconMessageReply, reply)}
      {usesMenu ? <MessageMenu message={message} onLife={() => setShowsLife(true)} /> : dots}
      {showsLife && (
        <Suspense fallback={null}>
          <MessageLife messageId={message.id} onClose={() => setShowsLife(false)} />
        </Suspense>
      )}
    </div>
  );
}
