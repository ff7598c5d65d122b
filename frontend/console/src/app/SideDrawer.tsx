import { Drawer, useDirection } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Props = { title: string; side: 'start' | 'end'; size: number; onClose: () => void; children: ReactNode };

/** A column that has no room of its own and comes in from the side. */
export function SideDrawer({ title, side, size, onClose, children }: Props) {
  const { t } = useTranslation();
  const { dir } = useDirection();
  const isLeft = (side === 'start') === (dir === 'ltr');
  return (
    <Drawer
      opened
      onClose={onClose}
      position={isLeft ? 'left' : 'right'}
      size={size}
      title={title}
      padding="sm"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {children}
    </Drawer>
  );
}
