import { Button, Center, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { problemText } from '../app/problem';
import { Logo } from '../app/Logo';
import { RoomLoading } from '../app/RoomStates';
import { AppFrame } from '../frame/AppFrame';
import { meQuery } from './session';

/** Lets signed-in people in and shows everybody else the way to sign in. */
export function SessionDoor() {
  const { t } = useTranslation();
  const me = useQuery(meQuery);
  if (me.data) return <AppFrame />;
  if (me.data === null) return <ToSignIn />;
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

/**
 * Goes to the sign-in once, with the way back. The place is read when it is needed, not subscribed to: going there
 * changes the place, and a door that follows it would never arrive.
 */
function ToSignIn() {
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(() => {
    const { href, pathname } = router.latestLocation;
    if (pathname !== '/sign-in') void navigate({ to: '/sign-in', search: { next: href }, replace: true });
  }, [navigate, router]);
  return <RoomLoading />;
}
