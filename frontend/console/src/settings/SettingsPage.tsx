import { IconArrowLeft, IconInbox, IconKey, IconPlugConnected, IconUser, IconUsers, type Icon } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLayout } from '../app/layout';
import { useMe, type Permission } from '../session/session';
import classes from './Settings.module.css';

type Room = {
  id: 'profile' | 'team' | 'channels' | 'tokens' | 'items';
  icon: Icon;
  group: 'personal' | 'workspace';
  needs?: Permission;
};

export const rooms: Room[] = [
  { id: 'profile', icon: IconUser, group: 'personal' },
  { id: 'team', icon: IconUsers, group: 'workspace', needs: 'members.read' },
  { id: 'channels', icon: IconPlugConnected, group: 'workspace', needs: 'inboxes.read' },
  { id: 'tokens', icon: IconKey, group: 'workspace', needs: 'tokens.manage' },
  { id: 'items', icon: IconInbox, group: 'workspace', needs: 'items.read' },
];

/** The rooms beside each other; on a phone first the list of them, then one. */
export function SettingsPage() {
  const { t } = useTranslation();
  const layout = useLayout();
  const { pathname } = useLocation();
  const isHome = /\/settings\/?$/.test(pathname);
  const isPhone = layout === 'phone';
  return (
    <div className={classes.settings} data-layout={layout}>
      {(!isPhone || isHome) && <SettingsNavigation />}
      {(!isPhone || !isHome) && (
        <div className={`p-panel ${classes.room}`}>
          {isPhone && (
            <Link to="/settings" className={classes.back}>
              <IconArrowLeft size={18} stroke={1.8} aria-hidden className={classes.flip} />
              {t('settings.back')}
            </Link>
          )}
          <Outlet />
        </div>
      )}
    </div>
  );
}

function SettingsNavigation() {
  const { t } = useTranslation();
  const me = useMe();
  const allowed = rooms.filter((room) => !room.needs || me.permissions.includes(room.needs));
  return (
    <nav className={classes.navigation} aria-label={t('settings.title')}>
      <h1 className={classes.heading}>{t('settings.title')}</h1>
      {(['personal', 'workspace'] as const).map((group) => {
        const inGroup = allowed.filter((room) => room.group === group);
        if (inGroup.length === 0) return null;
        return (
          <section key={group}>
            <h2 className={classes.group}>{t(`settings.${group}`)}</h2>
            <ul className={classes.links}>
              {inGroup.map(({ id, icon: Sign }) => (
                <li key={id}>
                  <Link to={`/settings/${id}`} className={classes.link}>
                    <Sign size={18} stroke={1.6} aria-hidden />
                    {t(`settings.${id}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}
