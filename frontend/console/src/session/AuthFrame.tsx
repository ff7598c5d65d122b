import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Logo } from '../app/Logo';
import { LanguagePicker } from '../settings/profile/LanguagePicker';
import { useConfig } from './session';
import classes from './AuthFrame.module.css';

type Props = { title: string; subtitle?: string; children: ReactNode; footer?: ReactNode };

/** The room before the door: a card on the canvas, and what Parley promises beside it. */
export function AuthFrame({ title, subtitle, children, footer }: Props) {
  const { t } = useTranslation();
  const config = useConfig();
  return (
    <div className={classes.page}>
      <main className={classes.card}>
        <Group gap={10} mb={28}>
          <Logo size={34} />
          <Text fw={700} fz={20} lts={-0.3}>
            Parley
          </Text>
        </Group>
        <Title order={1} className={classes.title}>
          {title}
        </Title>
        {subtitle && (
          <Text c="dimmed" mt={4}>
            {subtitle}
          </Text>
        )}
        <div className={classes.body}>{children}</div>
        {footer}
        <Group justify="space-between" mt="auto" pt={28} wrap="nowrap">
          <LanguagePicker variant="unstyled" />
          {config.data && (
            <Text fz="xs" c="dimmed" dir="ltr">
              {config.data.version}
            </Text>
          )}
        </Group>
      </main>
      <aside className={classes.aside} aria-label={t('auth.promisesLabel')}>
        <blockquote className={classes.promise}>{t('auth.promise')}</blockquote>
        <div className={classes.bubbles} aria-hidden>
          <p className={classes.theirs}>{t('auth.sampleQuestion')}</p>
          <p className={classes.ours}>{t('auth.sampleAnswer')}</p>
          <p className={classes.note}>{t('auth.sampleNote')}</p>
        </div>
        <ul className={classes.points}>
          <li>{t('auth.point1')}</li>
          <li>{t('auth.point2')}</li>
          <li>{t('auth.point3')}</li>
        </ul>
      </aside>
    </div>
  );
}
