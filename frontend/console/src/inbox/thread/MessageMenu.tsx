import { Menu } from '@mantine/core';
import { IconCopy, IconDots, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/kit/api';
import { showDone } from '../../app/problem';
import { useFirstPress } from './useFirstPress';
import classes from './MessageList.module.css';

/** More about one message; it opens as soon as it is there. */
export function MessageMenu({ message, onLife }: { message: Message; onLife: () => void }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const button = useFirstPress(() => setIsOpen(true));
  const copy = async () => {
    await navigator.clipboard.writeText(message.text ?? '');
    showDone(t('common.copied'));
  };
  return (
    <Menu position="bottom" opened={isOpen} onChange={setIsOpen}>
      <Menu.Target>
        <button ref={button} type="button" className={classes.tool} aria-label={t('thread.messageMenu')} title={t('thread.messageMenu')}>
          <IconDots size={17} stroke={1.7} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {message.text && (
          <Menu.Item leftSection={<IconCopy size={16} stroke={1.7} />} onClick={() => void copy()}>
            {t('thread.copyText')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconHistory size={16} stroke={1.7} />} onClick={onLife}>
          {t('thread.life')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
