import { Button, Center, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { problemText } from '../app/problem';
import { Logo } from '../app/Logo';
import { RoomLoading } from '../app/RoomStates';
import { AppFrame } from '../frame/AppFrame';
import { meQuery } from './session';

/** Lets signed-in people in and shows everybody else the way to sign in. */
export function SessionDoor() {
  const { t } = useTranslation();
  const location = useLocation();
  const me = useQuery(meQuery);
  if (me.data) return <AppFrame />;
  if (me.data === null) return <Navigate to="/sign-in" search={{ next: location.href }} replace />;
  if (me.isPending) return <RoomLoading />;
  return (
    <Center h="100%" p="lg">
      <Stack align="center" gap="sm" maw={420} ta="center" role="alert">
        <Logo size={44} />
        <Text fw={600} fz="lg">
          {t('errors.startTitle')}
        </Text>
        <Text c="dimmed">{problemText(me.error)}</Text>
        <Button mt="xs" onClick={() => void me.refetch()} loading={me.isFetching}>
          {t('common.tryAgain')}
        </Button>
      </Stack>
    </Center>
  );
}
