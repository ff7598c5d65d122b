import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { IconMoodSmile } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

const EmojiPanel = lazy(() => import('./EmojiPanel').then((room) => ({ default: room.EmojiPanel })));

export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="top-start" trapFocus width={324}>
      <Popover.Target>
        <Tooltip label={t('composer.emoji')} disabled={isOpen}>
          <ActionIcon aria-label={t('composer.emoji')} onClick={() => setIsOpen(!isOpen)}>
            <IconMoodSmile size={19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <Suspense fallback={null}>
          <EmojiPanel
            onPick={(emoji) => {
              setIsOpen(false);
              onPick(emoji);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
