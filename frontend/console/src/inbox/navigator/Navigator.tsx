import { Text } from '@mantine/core';
import {
  IconArchive,
  IconBellZ,
  IconInbox,
  IconUserCheck,
  IconUserQuestion,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cappedCount } from '@parley/kit/format';
import { useMe } from '../../session/session';
import { HealthDot } from '../../settings/channels/HealthDot';
import { useCounts, useInboxes, useTeams } from '../queries';
import type { InboxSearch } from '../search';
import classes from './Navigator.module.css';

type ItemProps = {
  search: InboxSearch;
  isHere: boolean;
  label: string;
  icon: ReactNode;
  count?: number | undefined;
  unread?: number | undefined;
  onChosen?: (() => void) | undefined;
};

function NavigatorItem({ search, isHere, label, icon, count = 0, unread = 0, onChosen }: ItemProps) {
  const { t } = useTranslation();
  return (
    <li>
      <Link
        to="/inbox"
        search={search}
        className={classes.item}
        data-here={isHere || undefined}
        {...(isHere ? { 'aria-current': 'page' as const } : {})}
        onClick={onChosen}
      >
        {icon}
        <span className={`p-truncate ${classes.label}`} dir="auto">
          {label}
        </span>
        {unread > 0 && (
          <span className={classes.unread} role="img" aria-label={t('frame.unread', { count: unread })} />
        )}
        {count > 0 && <span className={classes.count}>{cappedCount(count)}</span>}
      </Link>
    </li>
  );
}

const sign = (Symbol: Icon) => <Symbol size={18} stroke={1.6} aria-hidden className={classes.sign} />;

/** The places of the inbox: mine, everybody's, by channel, by team. */
export function Navigator({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const here = useSearch({ from: '/door/inbox' });
  const counts = useCounts().data;
  const inboxes = useInboxes().data ?? [];
  const teams = useTeams().data ?? [];
  const isPlain = !here.inbox && !here.team && !here.q;
  const place = { onChosen };
  return (
    <nav className={classes.navigator} aria-label={t('navigator.title')}>
      <Text className={classes.workspace} truncate dir="auto">
        {me.workspace.name}
      </Text>
      <ul className={classes.group}>
        <NavigatorItem
          {...place}
          search={{ view: 'mine' }}
          isHere={isPlain && here.view === 'mine'}
          label={t('views.mine')}
          icon={sign(IconUserCheck)}
          count={counts?.mine}
          unread={counts?.unread_mine}
        />
        <NavigatorItem
          {...place}
          search={{ view: 'unassigned' }}
          isHere={isPlain && here.view === 'unassigned'}
          label={t('views.unassigned')}
          icon={sign(IconUserQuestion)}
          count={counts?.unassigned}
          unread={counts?.unread_unassigned}
        />
        <NavigatorItem
          {...place}
          search={{}}
          isHere={isPlain && here.view === undefined}
          label={t('views.all')}
          icon={sign(IconInbox)}
          count={counts?.open}
          unread={counts?.unread_open}
        />
        <NavigatorItem
          {...place}
          search={{ view: 'snoozed' }}
          isHere={isPlain && here.view === 'snoozed'}
          label={t('views.snoozed')}
          icon={sign(IconBellZ)}
          count={counts?.snoozed}
        />
        <NavigatorItem
          {...place}
          search={{ view: 'closed' }}
          isHere={isPlain && here.view === 'closed'}
          label={t('views.closed')}
          icon={sign(IconArchive)}
        />
      </ul>
      <h2 className={classes.heading}>{t('navigator.channels')}</h2>
      <ul className={classes.group}>
        {inboxes.map((inbox) => (
          <NavigatorItem
            {...place}
            key={inbox.id}
            search={{ inbox: inbox.id }}
            isHere={here.inbox === inbox.id}
            label={inbox.name}
            icon={<HealthDot state={inbox.state} />}
            count={counts?.inboxes.find((each) => each.inbox_id === inbox.id)?.open}
            unread={counts?.inboxes.find((each) => each.inbox_id === inbox.id)?.unread}
          />
        ))}
        {inboxes.length === 0 && (
          <li>
            <Link to="/settings/channels" className={classes.item} onClick={onChosen}>
              <span className={classes.label}>{t('navigator.connect')}</span>
            </Link>
          </li>
        )}
      </ul>
      {teams.length > 0 && (
        <>
          <h2 className={classes.heading}>{t('navigator.teams')}</h2>
          <ul className={classes.group}>
            {teams.map((team) => (
              <NavigatorItem
                {...place}
                key={team.id}
                search={{ team: team.id }}
                isHere={here.team === team.id}
                label={team.name}
                icon={sign(IconUsers)}
                count={counts?.teams.find((each) => each.team_id === team.id)?.open}
                unread={counts?.teams.find((each) => each.team_id === team.id)?.unread}
              />
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}
