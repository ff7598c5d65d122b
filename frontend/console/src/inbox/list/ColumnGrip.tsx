import { useDirection } from '@mantine/core';
import type { KeyboardEvent, PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ConversationList.module.css';

const LEAST = 300;
const MOST = 480;
const STEP = 16;
const clamp = (width: number) => Math.round(Math.min(MOST, Math.max(LEAST, width)));

/** The line between list and thread: drag it, or move it with the arrow keys. */
export function ColumnGrip({ width, onChange }: { width: number; onChange: (width: number) => void }) {
  const { t } = useTranslation();
  const { dir } = useDirection();
  const forward = dir === 'rtl' ? -1 : 1;
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const grip = event.currentTarget;
    const start = event.clientX;
    grip.setPointerCapture(event.pointerId);
    grip.onpointermove = (move) => onChange(clamp(width + (move.clientX - start) * forward));
    grip.onpointerup = () => {
      grip.onpointermove = null;
      grip.onpointerup = null;
    };
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowRight') onChange(clamp(width + STEP * forward));
    else if (event.key === 'ArrowLeft') onChange(clamp(width - STEP * forward));
  };
  return (
    // A focusable separator is a widget that moves (WAI-ARIA 1.2), which the linter's list does not know.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={classes.grip}
      role="separator"
      aria-orientation="vertical"
      aria-label={t('inbox.resizeList')}
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
    />
  );
}
