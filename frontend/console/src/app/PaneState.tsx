import { Button, Stack, Text, ThemeIcon } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemText } from './problem';

type Props = { icon: Icon; title: string; text?: string; children?: ReactNode; testId?: string };

/** What a pane says when it has nothing to show. */
export function PaneState({ icon: Symbol, title, text, children, testId }: Props) {
  return (
    <Stack align="center" justify="center" gap={8} p="xl" h="100%" mih={200} ta="center" data-testid={testId}>
      <ThemeIcon size={52} radius="xl" variant="light" color="gray" mb={4} aria-hidden>
        <Symbol size={26} stroke={1.5} />
      </ThemeIcon>
      <Text fw={600} fz="lg">
        {title}
      </Text>
      {text && (
        <Text c="dimmed" maw={340}>
          {text}
        </Text>
      )}
      {children}
    </Stack>
  );
}

/** An error in place, with the way to try again. */
export function PaneProblem({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  const { t } = useTranslation();
  return (
    <div role="alert" style={{ height: '100%' }}>
      <PaneState icon={IconAlertTriangle} title={t('errors.paneTitle')} text={problemText(error)}>
        <Button variant="default" mt="xs" onClick={() => onRetry()}>
          {t('common.tryAgain')}
        </Button>
      </PaneState>
    </div>
  );
}
