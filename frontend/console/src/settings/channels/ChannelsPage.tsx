import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listChannels, type Channel, type Inbox } from '@parley/kit/api';
import { keys } from '../../app/keys';
import { PaneProblem, PaneState } from '../../app/PaneState';
import { useInboxes } from '../../inbox/queries';
import { useCan } from '../../session/session';
import { Room } from '../Room';
import { ConnectDialog } from './ConnectDialog';
import { InboxCard } from './InboxCard';

type Opened = { channel: Channel; inbox: Inbox | null };

export function ChannelsPage() {
  const { t } = useTranslation();
  const canManage = useCan('inboxes.manage');
  const inboxes = useInboxes();
  const channels = useQuery({ queryKey: keys.channels, queryFn: listChannels, enabled: canManage });
  const [opened, setOpened] = useState<Opened | null>(null);
  const offered = channels.data?.items ?? [];
  const connect = offered.map((channel) => (
    <Button
      key={channel.channel}
      leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
      onClick={() => setOpened({ channel, inbox: null })}
    >
      {t('channels.add', { label: channel.label })}
    </Button>
  ));
  const edit = (inbox: Inbox) => {
    const channel = offered.find((each) => each.channel === inbox.channel);
    return channel && canManage ? { onEdit: () => setOpened({ channel, inbox }) } : {};
  };
  const isEmpty = inboxes.data?.length === 0;
  return (
    <Room
      title={t('channels.title')}
      intro={t('channels.intro')}
      needs="inboxes.read"
      action={!isEmpty && <Group gap="xs">{connect}</Group>}
    >
      {inboxes.isPending && <Skeleton h={180} radius="lg" />}
      {inboxes.isError && <PaneProblem error={inboxes.error} onRetry={inboxes.refetch} />}
      {isEmpty && (
        <PaneState icon={IconPlugConnected} title={t('channels.emptyTitle')} text={t('channels.emptyText')}>
          <Group mt="sm">{connect}</Group>
        </PaneState>
      )}
      <Stack gap="md">
        {inboxes.data?.map((inbox) => (
          <InboxCard key={inbox.id} inbox={inbox} canManage={canManage} {...edit(inbox)} />
        ))}
      </Stack>
      {opened && <ConnectDialog channel={opened.channel} inbox={opened.inbox} onClose={() => setOpened(null)} />}
    </Room>
  );
}
