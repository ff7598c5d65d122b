import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconArrowsSort, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ListSort } from '@parley/kit/realtime';
import { setPreferences, usePreferences } from '../../app/preferences';

/** How the list is sorted, and how much room a row takes. */
export function SortMenu({ sort, onSort }: { sort: ListSort; onSort: (sort: ListSort) => void }) {
  const { t } = useTranslation();
  const { density } = usePreferences();
  const check = (isOn: boolean) => (isOn ? <IconCheck size={15} aria-label={t('common.chosen')} /> : null);
  return (
    <Menu>
      <Menu.Target>
        <Tooltip label={t('inbox.sort')}>
          <ActionIcon aria-label={t('inbox.sort')}>
            <IconArrowsSort size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('inbox.sort')}</Menu.Label>
        {(['newest', 'waiting'] as const).map((each) => (
          <Menu.Item key={each} rightSection={check(sort === each)} onClick={() => onSort(each)}>
            {t(`inbox.sortBy.${each}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('inbox.density')}</Menu.Label>
        {(['comfortable', 'compact'] as const).map((each) => (
          <Menu.Item key={each} rightSection={check(density === each)} onClick={() => setPreferences({ density: each })}>
            {t(`inbox.densities.${each}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
