import { Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { problemText } from './problem';

export function RoomLoading() {
  const { t } = useTranslation();
  return (
    <Center h="100%" mih={240}>
      <Loader type="dots" aria-label={t('common.loading')} />
    </Center>
  );
}

/** A part of the program could not be fetched: the network is down, or a newer version has replaced it. */
const isMissingPart = (error: unknown) =>
  error instanceof Error && /dynamically imported module|preload CSS|module script/i.test(error.message);

export function RoomFailed({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const again = () => (isMissingPart(error) ? location.reload() : reset());
  return (
    <Center h="100%" mih={320} p="lg">
      <Stack align="center" gap="sm" maw={440} ta="center" role="alert">
        <Title order={2} size="h3">
          {t('errors.roomTitle')}
        </Title>
        <Text c="dimmed">{isMissingPart(error) ? t('errors.network') : problemText(error)}</Text>
        <Button onClick={again} mt="xs">
          {t('common.tryAgain')}
        </Button>
      </Stack>
    </Center>
  );
}

export function RoomMissing() {
  const { t } = useTranslation();
  return (
    <Center h="100%" p="lg">
      <Stack align="center" gap="sm" maw={440} ta="center">
        <Title order={1} size="h2">
          {t('errors.missingTitle')}
        </Title>
        <Text c="dimmed">{t('errors.missingText')}</Text>
        <Button renderRoot={(props) => <Link to="/inbox" {...props} />} mt="xs">
          {t('errors.missingAction')}
        </Button>
      </Stack>
    </Center>
  );
}
