import { Alert, Modal, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { getItem } from '@parley/kit/api';
import { keys } from '../../app/keys';
import { PaneProblem } from '../../app/PaneState';
import classes from '../Settings.module.css';

/** An item as it came. It is fetched only on demand, because looking at it is recorded. */
export function PayloadDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const item = useQuery({ queryKey: keys.item(id), queryFn: () => getItem(id), gcTime: 0 });
  return (
    <Modal opened onClose={onClose} size="xl" title={t('items.payload')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Alert color="yellow" mb="md">
        {t('items.payloadWarning')}
      </Alert>
      {item.isPending && <Skeleton h={240} />}
      {item.isError && <PaneProblem error={item.error} onRetry={item.refetch} />}
      {item.data && (
        // A box that scrolls must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className={classes.payload} tabIndex={0}>
          {typeof item.data.payload === 'string' ? item.data.payload : JSON.stringify(item.data.payload, null, 2)}
        </pre>
      )}
    </Modal>
  );
}
