import { Alert, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { InboxCheck } from '@parley/kit/api';

/** What a check found, each with its way out. */
export function Problems({ problems }: { problems: InboxCheck['problems'] }) {
  const { t } = useTranslation();
  return (
    <Alert color="red" role="alert" title={t('channels.problems')} icon={<IconAlertTriangle size={18} aria-hidden />}>
      <List spacing={4}>
        {problems.map((problem) => (
          <List.Item key={`${problem.code}-${problem.field ?? ''}`}>{problem.message}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
