import { Popover } from '@mantine/core';
import { IconMoodSmile } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/kit/api';
import { useFirstPress } from './useFirstPress';
import { useReact } from './useReact';
import classes from './MessageList.module.css';

const quickEmojis = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** Six usual reactions; it opens as soon as it is there. */
export function ReactionPicker({ message }: { message: Message }) {
  const { t } = useTranslation();
  const react = useReact(message);
  const [isOpen, setIsOpen] = useState(false);
  const button = useFirstPress(() => setIsOpen(true));
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="top" trapFocus returnFocus>
      <Popover.Target>
        <button
          ref={button}
          type="button"
          className={classes.tool}
          aria-label={t('thread.react')}
          title={t('thread.react')}
          onClick={() => setIsOpen(!isOpen)}
        >
          <IconMoodSmile size={17} stroke={1.7} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <div className={classes.picker}>
          {quickEmojis.map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={t('thread.reactWith', { emoji })}
              onClick={() => {
                setIsOpen(false);
                react(emoji);
              }}
            >
              {emoji}
            </button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
