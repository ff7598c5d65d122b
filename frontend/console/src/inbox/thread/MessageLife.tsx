import { Modal, Skeleton, Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { getLife } from '@parley/kit/api';
import { keys } from '../../app/keys';
import { useLocale } from '../../app/i18n';
import { PaneProblem } from '../../app/PaneState';
import { findWords } from '../../app/words';

/** The values of an event that say something to a person. */
const readable = (detail: Record<string, unknown>) =>
  Object.entries(detail).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '');

/** Everything that happened to one message, from the channel's door to the last tick. */
export function MessageLife({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const life = useQuery({ queryKey: keys.life(messageId), queryFn: () => getLife(messageId), staleTime: 0 });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const name = (event: string) => findWords(`life.${event}`) ?? event;
  return (
    <Modal opened onClose={onClose} title={t('thread.lifeTitle')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {life.isPending && <Skeleton h={160} />}
      {life.isError && <PaneProblem error={life.error} onRetry={life.refetch} />}
      {life.data && (
        <Timeline active={life.data.items.length} bulletSize={14} lineWidth={2}>
          {life.data.items.map((entry) => (
            <Timeline.Item key={`${entry.at}-${entry.event}`} title={name(entry.event)}>
              <Text fz="xs" c="dimmed">
                {exact.format(new Date(entry.at))}
              </Text>
              {readable(entry.detail).map(([key, value]) => (
                <Text key={key} fz="xs" c="dimmed" dir="auto">
                  {key}: {String(value)}
                </Text>
              ))}
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Modal>
  );
}
