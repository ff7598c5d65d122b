import { Badge, Button, Group, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listItems, replayItem, type Item, type ItemState } from '@parley/kit/api';
import { fullTime } from '@parley/kit/format';
import { flatten } from '@parley/kit/realtime';
import { useLocale } from '../../app/i18n';
import { keys } from '../../app/keys';
import { PaneProblem, PaneState } from '../../app/PaneState';
import { showDone, showProblem } from '../../app/problem';
import { useInboxes } from '../../inbox/queries';
import { useCan } from '../../session/session';
import { Room } from '../Room';
import { PayloadDialog } from './PayloadDialog';
import classes from '../Settings.module.css';

const states: ItemState[] = ['quarantined', 'waiting', 'parked', 'processed'];

export function ItemsPage() {
  const { t } = useTranslation();
  const canRead = useCan('items.read');
  const [state, setState] = useState<ItemState>('quarantined');
  return (
    <Room title={t('items.title')} intro={t('items.intro')} needs="items.read">
      <SegmentedControl
        mb="md"
        value={state}
        onChange={setState}
        aria-label={t('team.state')}
        data={states.map((value) => ({ value, label: t(`items.state.${value}`) }))}
      />
      {canRead && <Items key={state} state={state} />}
    </Room>
  );
}

function Items({ state }: { state: ItemState }) {
  const { t } = useTranslation();
  const items = useInfiniteQuery({
    queryKey: keys.items(state),
    queryFn: ({ pageParam }) => listItems(state, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 0,
  });
  const [openId, setOpenId] = useState<string | null>(null);
  if (items.isPending) return <Skeleton h={160} radius="lg" />;
  if (items.isError) return <PaneProblem error={items.error} onRetry={items.refetch} />;
  const rows = flatten(items.data);
  if (rows.length === 0) {
    return <PaneState icon={IconCircleCheck} title={t('items.emptyTitle')} text={t('items.emptyText')} />;
  }
  return (
    <>
      <ul className={classes.rows}>
        {rows.map((item) => (
          <ItemRow key={item.id} item={item} onOpen={() => setOpenId(item.id)} />
        ))}
      </ul>
      {items.hasNextPage && (
        <Button mt="md" variant="default" loading={items.isFetchingNextPage} onClick={() => void items.fetchNextPage()}>
          {t('items.more')}
        </Button>
      )}
      {openId && <PayloadDialog id={openId} onClose={() => setOpenId(null)} />}
    </>
  );
}

function ItemRow({ item, onOpen }: { item: Item; onOpen: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const canReplay = useCan('items.replay');
  const inbox = useInboxes().data?.find((each) => each.id === item.inbox_id);
  const [isBusy, setIsBusy] = useState(false);
  const replay = async () => {
    setIsBusy(true);
    try {
      await replayItem(item.id);
      showDone(t('items.replayed'));
      await client.invalidateQueries({ queryKey: ['items'] });
    } catch (error) {
      showProblem(error);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <li data-testid="item-row" style={{ flexWrap: 'wrap' }}>
      <div className={classes.grow} style={{ flexBasis: 260 }}>
        <Group gap={8}>
          <Text fw={600}>{item.kind}</Text>
          {item.error_code && (
            <Badge color="red" variant="light" tt="none">
              {item.error_code}
            </Badge>
          )}
        </Group>
        {item.error_message && <Text fz="sm">{item.error_message}</Text>}
        <div className={classes.small}>
          {fullTime(item.received_at, locale)} · {inbox?.name ?? item.channel} ·{' '}
          {t('items.attempts', { count: item.starts })}
        </div>
      </div>
      <Group gap={6}>
        <Button size="compact-sm" variant="default" onClick={onOpen}>
          {t('items.open')}
        </Button>
        {canReplay && item.state !== 'processed' && (
          <Button
            size="compact-sm"
            variant="light"
            loading={isBusy}
            leftSection={<IconRefresh size={15} stroke={1.8} aria-hidden />}
            onClick={() => void replay()}
          >
            {t('items.replay')}
          </Button>
        )}
      </Group>
    </li>
  );
}
