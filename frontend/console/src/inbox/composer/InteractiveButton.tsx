import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Capabilities, Interactive } from '@parley/kit/api';

const InteractiveBuilder = lazy(() =>
  import('./InteractiveBuilder').then((room) => ({ default: room.InteractiveBuilder })),
);

type Props = { capabilities: Capabilities; text: string; onSend: (interactive: Interactive) => void };

export function InteractiveButton({ capabilities, text, onSend }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="top-start" trapFocus width={360}>
      <Popover.Target>
        <Tooltip label={t('interactive.title')} disabled={isOpen}>
          <ActionIcon aria-label={t('interactive.title')} onClick={() => setIsOpen(!isOpen)}>
            <IconListCheck size={19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense fallback={null}>
          <InteractiveBuilder
            capabilities={capabilities}
            text={text}
            onSend={(interactive) => {
              setIsOpen(false);
              onSend(interactive);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
