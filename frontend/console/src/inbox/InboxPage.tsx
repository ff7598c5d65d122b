import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { IconMessages } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../app/commands';
import { useLayout } from '../app/layout';
import { PaneState } from '../app/PaneState';
import { RoomLoading } from '../app/RoomStates';
import { setPreferences, usePreferences } from '../app/preferences';
import { ColumnGrip } from './list/ColumnGrip';
import { ConversationList } from './list/ConversationList';
import { Navigator } from './navigator/Navigator';
import classes from './InboxPage.module.css';

const loadThread = () => import('./thread/Thread');
const Thread = lazy(() => loadThread().then((room) => ({ default: room.Thread })));
const Details = lazy(() => import('./details/Details').then((room) => ({ default: room.Details })));
const SideDrawer = lazy(() => import('../app/SideDrawer').then((room) => ({ default: room.SideDrawer })));

// An address of a conversation needs the thread at once: it loads beside the session, not after it.
if (/^\/inbox\/./.test(location.pathname)) loadThread().catch(() => undefined);

/** The inbox: navigator, list, thread, details, as many as fit. */
export function InboxPage() {
  const { t } = useTranslation();
  const layout = useLayout();
  const navigate = useNavigate();
  const search = useSearch({ from: '/door/inbox' });
  const { conversationId } = useParams({ strict: false });
  const { listWidth, showsDetails } = usePreferences();
  const [navigatorIsOpen, navigatorDrawer] = useDisclosure(false);
  const [detailsAreOpen, detailsDrawer] = useDisclosure(false);
  const [isFocused, setIsFocused] = useState(false);
  const hasDetailsColumn = layout === 'wide' || layout === 'medium';
  const toggleDetails = () => {
    if (hasDetailsColumn) setPreferences({ showsDetails: !showsDetails });
    else detailsDrawer.toggle();
  };
  useCommand('view.focus', () => setIsFocused(!isFocused), conversationId !== undefined);
  useCommand('view.details', toggleDetails, conversationId !== undefined);
  useCommand('thread.back', () => void navigate({ to: '/inbox', search }), conversationId !== undefined);

  useEffect(() => {
    // Once the list stands, the thread is what comes next.
    const timer = setTimeout(() => void loadThread().catch(() => undefined), 300);
    return () => clearTimeout(timer);
  }, []);
  const isPhone = layout === 'phone';
  const hidesSides = isFocused && conversationId !== undefined;
  const showsList = isPhone ? !conversationId : !hidesSides;
  const showsThread = !isPhone || conversationId !== undefined;
  const showsDetailsColumn = hasDetailsColumn && showsDetails && !hidesSides && conversationId !== undefined;
  return (
    <div className={classes.inbox} data-layout={layout} style={{ '--list-width': `${listWidth}px` }}>
      {layout === 'wide' && !hidesSides && <Navigator />}
      {showsList && (
        <ConversationList
          selectedId={conversationId}
          {...(layout === 'wide' ? {} : { onOpenNavigator: navigatorDrawer.open })}
        />
      )}
      {showsList && !isPhone && <ColumnGrip width={listWidth} onChange={(width) => setPreferences({ listWidth: width })} />}
      {showsThread && (
        <section className={`p-panel ${classes.thread}`} aria-label={t('inbox.thread')}>
          {conversationId ? (
            <Suspense fallback={<RoomLoading />}>
              <Thread
                key={conversationId}
                id={conversationId}
                onDetails={toggleDetails}
                detailsAreShown={showsDetailsColumn || detailsAreOpen}
              />
            </Suspense>
          ) : (
            <PaneState icon={IconMessages} title={t('inbox.noneOpenTitle')} text={t('inbox.noneOpenText')} />
          )}
        </section>
      )}
      {showsDetailsColumn && (
        <aside className={`p-panel ${classes.details}`} aria-label={t('details.title')}>
          <Suspense fallback={null}>
            <Details id={conversationId} />
          </Suspense>
        </aside>
      )}
      <Suspense fallback={null}>
        {navigatorIsOpen && layout !== 'wide' && (
          <SideDrawer title={t('navigator.title')} side="start" size={280} onClose={navigatorDrawer.close}>
            <Navigator onChosen={navigatorDrawer.close} />
          </SideDrawer>
        )}
        {detailsAreOpen && !hasDetailsColumn && conversationId && (
          <SideDrawer title={t('details.title')} side="end" size={360} onClose={detailsDrawer.close}>
            <Details id={conversationId} />
          </SideDrawer>
        )}
      </Suspense>
    </div>
  );
}
