import { Loader } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { outbox } from '../inbox/outbox';
import { useConnectionState } from '../realtime/live';
import classes from './AppFrame.module.css';

const PATIENCE_MS = 1500;

/** Says that the line is down, once it is down for longer than a blink, and what waits to be sent. */
export function ConnectionPill() {
  const { t } = useTranslation();
  const state = useConnectionState();
  const waiting = useSyncExternalStore(outbox.subscribe, outbox.snapshot).filter((entry) => entry.state === 'waiting');
  const isDown = state === 'offline' || state === 'reconnecting';
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(isDown), isDown && state !== 'offline' ? PATIENCE_MS : 0);
    return () => clearTimeout(timer);
  }, [isDown, state]);
  if (!isShown || !isDown) return null;
  return (
    <div className={classes.pill} data-kind={state} role="status" data-testid="connection-pill">
      {state === 'offline' ? <IconCloudOff size={17} stroke={1.7} aria-hidden /> : <Loader size={14} aria-hidden />}
      {state === 'offline' ? t('frame.offline') : t('frame.reconnecting')}
      {waiting.length > 0 && <span>· {t('frame.waitingToSend', { count: waiting.length })}</span>}
    </div>
  );
}
