import { Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { IconMessages } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../app/commands';
import { useLayout } from '../app/layout';
import { PaneState } from '../app/PaneState';
import { setPreferences, usePreferences } from '../app/preferences';
import { Details } from './details/Details';
import { ColumnGrip } from './list/ColumnGrip';
import { ConversationList } from './list/ConversationList';
import { Navigator } from './navigator/Navigator';
import { Thread } from './thread/Thread';
import classes from './InboxPage.module.css';

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
            <Thread
              key={conversationId}
              id={conversationId}
              onDetails={toggleDetails}
              detailsAreShown={showsDetailsColumn || detailsAreOpen}
            />
          ) : (
            <PaneState icon={IconMessages} title={t('inbox.noneOpenTitle')} text={t('inbox.noneOpenText')} />
          )}
        </section>
      )}
      {showsDetailsColumn && (
        <aside className={`p-panel ${classes.details}`} aria-label={t('details.title')}>
          <Details id={conversationId} />
        </aside>
      )}
      <Drawer
        opened={navigatorIsOpen && layout !== 'wide'}
        onClose={navigatorDrawer.close}
        size={280}
        title={t('navigator.title')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Navigator onChosen={navigatorDrawer.close} />
      </Drawer>
      <Drawer
        opened={detailsAreOpen && !hasDetailsColumn && conversationId !== undefined}
        onClose={detailsDrawer.close}
        position="right"
        size={360}
        title={t('details.title')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {conversationId && <Details id={conversationId} />}
      </Drawer>
    </div>
  );
}
