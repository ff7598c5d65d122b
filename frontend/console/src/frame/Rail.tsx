import { Tooltip } from '@mantine/core';
import { IconHelp, IconInbox, IconSettings } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { cappedCount } from '@parley/kit/format';
import { useCounts } from '../inbox/queries';
import { Logo } from '../app/Logo';
import classes from './AppFrame.module.css';

const AccountMenu = lazy(() => import('./AccountMenu').then((room) => ({ default: room.AccountMenu })));
const WorkspaceMenu = lazy(() => import('./WorkspaceMenu').then((room) => ({ default: room.WorkspaceMenu })));

export function Rail({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation();
  const unread = useCounts().data?.unread_open ?? 0;
  return (
    <nav className={classes.rail} aria-label={t('frame.mainNavigation')}>
      <Suspense
        fallback={
          <span className={classes.railItem}>
            <Logo size={32} />
          </span>
        }
      >
        <WorkspaceMenu />
      </Suspense>
      <div style={{ height: 8 }} />
      <Tooltip label={t('frame.inbox')} position="right">
        <Link to="/inbox" className={classes.railItem}>
          <IconInbox size={21} stroke={1.7} aria-hidden />
          <span className="p-hidden">{t('frame.inbox')}</span>
          {unread > 0 && (
            <span className={classes.badge}>
              <span aria-hidden>{cappedCount(unread)}</span>
              <span className="p-hidden"> {t('frame.unread', { count: unread })}</span>
            </span>
          )}
        </Link>
      </Tooltip>
      <Tooltip label={t('frame.settings')} position="right">
        <Link to="/settings" className={classes.railItem} aria-label={t('frame.settings')}>
          <IconSettings size={21} stroke={1.7} />
        </Link>
      </Tooltip>
      <div className={classes.spacer} />
      <Tooltip label={t('frame.help')} position="right">
        <button type="button" className={classes.railItem} aria-label={t('frame.help')} onClick={onHelp}>
          <IconHelp size={21} stroke={1.7} />
        </button>
      </Tooltip>
      <Suspense fallback={<span className={classes.railItem} />}>
        <AccountMenu />
      </Suspense>
    </nav>
  );
}
