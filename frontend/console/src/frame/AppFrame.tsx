import { Outlet, useNavigate } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../app/commands';
import { useKeyboard } from '../app/keyboard';
import { useLayout } from '../app/layout';
import { outbox } from '../inbox/outbox';
import { useLiveConnection } from '../realtime/live';
import { BottomTabs } from './BottomTabs';
import { ConnectionPill } from './ConnectionPill';
import { Rail } from './Rail';
import { useArrivals, useTitleBadge, useUnsentGuard } from './signals';
import classes from './AppFrame.module.css';

const loadPalette = () => import('./Palette');
const HelpOverlay = lazy(() => import('./HelpOverlay').then((room) => ({ default: room.HelpOverlay })));
const Palette = lazy(() => loadPalette().then((room) => ({ default: room.Palette })));

/** What stays on screen in every room: rail or tabs, the live connection, keys, signals. */
export function AppFrame() {
  const { t } = useTranslation();
  const layout = useLayout();
  const navigate = useNavigate();
  const [helpIsOpen, setHelpIsOpen] = useState(false);
  const [paletteIsOpen, setPaletteIsOpen] = useState(false);
  useLiveConnection(useQueryClient(), () => outbox.flush());
  useKeyboard(!helpIsOpen && !paletteIsOpen);
  useTitleBadge();
  useArrivals();
  useUnsentGuard();
  useCommand('help', () => setHelpIsOpen(true));
  useCommand('palette', () => setPaletteIsOpen(true));
  useCommand('go.inbox', () => void navigate({ to: '/inbox' }));
  useCommand('go.mine', () => void navigate({ to: '/inbox', search: { view: 'mine' } }));
  useCommand('go.unassigned', () => void navigate({ to: '/inbox', search: { view: 'unassigned' } }));
  useCommand('go.all', () => void navigate({ to: '/inbox', search: {} }));
  useCommand('go.settings', () => void navigate({ to: '/settings' }));
  useEffect(() => {
    // What is typed right after opening the palette must find it there.
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), 1500);
    return () => clearTimeout(timer);
  }, []);
  const isPhone = layout === 'phone';
  return (
    <div className={classes.frame} data-layout={layout}>
      <a href="#main" className={classes.skip}>
        {t('frame.skip')}
      </a>
      {!isPhone && <Rail onHelp={() => setHelpIsOpen(true)} />}
      <main id="main" className={classes.room} tabIndex={-1}>
        <Outlet />
      </main>
      {isPhone && <BottomTabs onSearch={() => setPaletteIsOpen(true)} />}
      <ConnectionPill />
      <Suspense fallback={null}>
        {helpIsOpen && <HelpOverlay onClose={() => setHelpIsOpen(false)} />}
        {paletteIsOpen && <Palette onClose={() => setPaletteIsOpen(false)} />}
      </Suspense>
    </div>
  );
}
