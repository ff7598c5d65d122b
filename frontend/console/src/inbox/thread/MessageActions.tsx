import { ActionIcon, Menu, Popover, Tooltip } from '@mantine/core';
import { IconCopy, IconDots, IconHistory, IconMessageReply, IconMoodSmile } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/kit/api';
import { showDone } from '../../app/problem';
import { useCan } from '../../session/session';
import { useThread } from './context';
import { useReact } from './useReact';
import classes from './MessageList.module.css';

const MessageLife = lazy(() => import('./MessageLife').then((room) => ({ default: room.MessageLife })));

export const quickEmojis = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** What can be done with one message; beside its bubble, on hover or focus. */
export function MessageActions({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { capabilities, conversation, setReplyTo, focusComposer } = useThread();
  const canSend = useCan('messages.send') && conversation.window.allowed === 'anything';
  const react = useReact(message);
  const [picks, setPicks] = useState(false);
  const [showsLife, setShowsLife] = useState(false);
  const isThere = message.revoked_at === null && message.is_readable && message.external_id !== null;
  const reply = () => {
    setReplyTo(message);
    focusComposer.current?.();
  };
  const copy = async () => {
    await navigator.clipboard.writeText(message.text ?? '');
    showDone(t('common.copied'));
  };
  return (
    <div className={classes.actions} data-open={picks || undefined}>
      {canSend && isThere && capabilities?.reactions && (
        <Popover opened={picks} onChange={setPicks} position="top" trapFocus>
          <Popover.Target>
            <Tooltip label={t('thread.react')}>
              <ActionIcon size={28} aria-label={t('thread.react')} onClick={() => setPicks(!picks)}>
                <IconMoodSmile size={17} stroke={1.7} />
              </ActionIcon>
            </Tooltip>
          </Popover.Target>
          <Popover.Dropdown p={4}>
            <div className={classes.picker}>
              {quickEmojis.map((emoji) => (
                <button
                  key={emoji}
                  type="button"
                  aria-label={t('thread.reactWith', { emoji })}
                  onClick={() => {
                    setPicks(false);
                    react(emoji);
                  }}
                >
                  {emoji}
                </button>
              ))}
            </div>
          </Popover.Dropdown>
        </Popover>
      )}
      {canSend && isThere && capabilities?.reply_to && (
        <Tooltip label={t('thread.replyTo')}>
          <ActionIcon size={28} aria-label={t('thread.replyTo')} onClick={reply}>
            <IconMessageReply size={17} stroke={1.7} className={classes.flip} />
          </ActionIcon>
        </Tooltip>
      )}
      <Menu position="bottom">
        <Menu.Target>
          <ActionIcon size={28} aria-label={t('thread.messageMenu')}>
            <IconDots size={17} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {message.text && (
            <Menu.Item leftSection={<IconCopy size={16} stroke={1.7} />} onClick={() => void copy()}>
              {t('thread.copyText')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconHistory size={16} stroke={1.7} />} onClick={() => setShowsLife(true)}>
            {t('thread.life')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {showsLife && (
        <Suspense fallback={null}>
          <MessageLife messageId={message.id} onClose={() => setShowsLife(false)} />
        </Suspense>
      )}
    </div>
  );
}
