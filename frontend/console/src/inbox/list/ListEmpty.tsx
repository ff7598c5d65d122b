import { Button } from '@mantine/core';
import { IconCoffee, IconFilterOff, IconPlugConnected } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PaneState } from '../../app/PaneState';
import { useCounts, useInboxes } from '../queries';
import type { InboxSearch } from '../search';

/** Nothing here: because of a filter, because all is done, or because no channel is connected yet. */
export function ListEmpty({ search }: { search: InboxSearch }) {
  const { t } = useTranslation();
  const inboxes = useInboxes();
  const counts = useCounts().data;
  if (search.q || search.status) {
    const { q: _q, status: _status, ...rest } = search;
    return (
      <PaneState icon={IconFilterOff} title={t('inbox.emptyFilterTitle')} text={t('inbox.emptyFilterText')}>
        <Button variant="default" mt="xs" renderRoot={(props) => <Link to="/inbox" search={rest} {...props} />}>
          {t('inbox.clearFilter')}
        </Button>
      </PaneState>
    );
  }
  if (inboxes.data?.length === 0) {
    return (
      <PaneState icon={IconPlugConnected} title={t('inbox.emptyFirstTitle')} text={t('inbox.emptyFirstText')}>
        <Button mt="xs" renderRoot={(props) => <Link to="/settings/channels" {...props} />}>
          {t('inbox.connectChannel')}
        </Button>
      </PaneState>
    );
  }
  const waiting = counts?.unassigned ?? 0;
  return (
    <PaneState icon={IconCoffee} title={t('inbox.zeroTitle')} text={t('inbox.zeroText')}>
      {search.view !== 'unassigned' && waiting > 0 && (
        <Button
          variant="default"
          mt="xs"
          renderRoot={(props) => <Link to="/inbox" search={{ view: 'unassigned', sort: 'waiting' }} {...props} />}
        >
          {t('inbox.seeUnassigned', { count: waiting })}
        </Button>
      )}
    </PaneState>
  );
}
