import { IconInbox, IconSearch, IconSettings } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { cappedCount } from '@parley/kit/format';
import { useCounts } from '../inbox/queries';
import classes from './AppFrame.module.css';

const AccountMenu = lazy(() => import('./AccountMenu').then((room) => ({ default: room.AccountMenu })));

/** The phone's navigation. In a conversation it leaves the space to the composer. */
export function BottomTabs({ onSearch }: { onSearch: () => void }) {
  const { t } = useTranslation();
  const unread = useCounts().data?.unread_open ?? 0;
  const { conversationId } = useParams({ strict: false });
  if (conversationId) return null;
  return (
    <nav className={classes.tabs} aria-label={t('frame.mainNavigation')}>
      <Link to="/inbox" className={classes.tab}>
        <IconInbox size={22} stroke={1.7} aria-hidden />
        {t('frame.inbox')}
        {unread > 0 && <span className={classes.badge}>{cappedCount(unread)}</span>}
      </Link>
      <button type="button" className={classes.tab} onClick={onSearch}>
        <IconSearch size={22} stroke={1.7} aria-hidden />
        {t('frame.commands')}
      </button>
      <Link to="/settings" className={classes.tab}>
        <IconSettings size={22} stroke={1.7} aria-hidden />
        {t('frame.settings')}
      </Link>
      <Suspense fallback={<span className={classes.tab} />}>
        <AccountMenu className={classes.tab} />
      </Suspense>
    </nav>
  );
}
