import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './ConversationList.module.css';

const widths = [62, 48, 70, 55, 40, 66, 52];

export function ListSkeleton({ height }: { height: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('common.loading')}>
      {widths.map((width) => (
        <div key={width} className={classes.skeleton} style={{ height }}>
          <Skeleton circle h={38} />
          <div>
            <Skeleton h={11} w={`${width}%`} />
            <Skeleton h={10} mt={9} w={`${width + 26}%`} />
          </div>
        </div>
      ))}
    </div>
  );
}
