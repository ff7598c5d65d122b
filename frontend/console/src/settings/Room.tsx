import { Group, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PaneState } from '../app/PaneState';
import { useCan, type Permission } from '../session/session';
import classes from './Settings.module.css';

type RoomProps = { title: string; intro: string; needs?: Permission; action?: ReactNode; children: ReactNode };

/** A room of the settings with its name; who may not enter is told so. */
export function Room({ title, intro, needs = 'conversations.read', action, children }: RoomProps) {
  const { t } = useTranslation();
  const isAllowed = useCan(needs);
  if (!isAllowed) {
    return <PaneState icon={IconLock} title={t('settings.noPermissionTitle')} text={t('settings.noPermissionText')} />;
  }
  return (
    <div className={classes.inside}>
      <Group justify="space-between" align="flex-start" gap="md" mb="lg">
        <div>
          <Title order={2} fz={22} lts={-0.4}>
            {title}
          </Title>
          <Text c="dimmed" maw={560}>
            {intro}
          </Text>
        </div>
        {action}
      </Group>
      {children}
    </div>
  );
}

/** A part of a room with its own heading. */
export function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <Group justify="space-between" mb="sm">
        <Title order={3} fz={15}>
          {title}
        </Title>
        {action}
      </Group>
      {children}
    </section>
  );
}
