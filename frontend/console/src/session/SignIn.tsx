import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { getMe, signIn } from '@parley/kit/api';
import { keys } from '../app/keys';
import { problemText } from '../app/problem';
import { AuthFrame } from './AuthFrame';
import { useConfig } from './session';

/** Opens a session. The first question to the server fetches the CSRF cookie when it is missing. */
async function open(credentials: { email: string; password: string }) {
  if (!document.cookie.includes('csrf=')) await getMe().catch(() => null);
  return signIn(credentials.email.trim(), credentials.password);
}

export function SignIn() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/sign-in' });
  const config = useConfig();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const entering = useMutation({
    mutationFn: open,
    onSuccess: async (me) => {
      client.clear();
      client.setQueryData(keys.me, me);
      await navigate({ href: next ?? '/inbox', replace: true });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    entering.mutate({ email, password });
  };
  const footer = config.data?.sign_up_open && (
    <Text mt="lg" c="dimmed">
      {t('auth.newHere')}{' '}
      <Anchor renderRoot={(props) => <Link to="/sign-up" {...props} />}>{t('auth.createWorkspace')}</Anchor>
    </Text>
  );
  return (
    <AuthFrame title={t('auth.signInTitle')} subtitle={t('auth.signInSubtitle')} footer={footer}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {entering.isError && (
            <Alert color="red" role="alert" title={t('auth.signInFailed')}>
              {problemText(entering.error)}
            </Alert>
          )}
          <TextInput
            label={t('auth.email')}
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            size="md"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('auth.password')}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            size="md"
            value={password}
            visibilityToggleButtonProps={{ 'aria-label': t('auth.showPassword') }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="md" fullWidth loading={entering.isPending}>
            {t('auth.signIn')}
          </Button>
          {config.data?.is_demo && (
            <Text fz="sm" c="dimmed">
              {t('auth.demoHint')}
            </Text>
          )}
        </Stack>
      </form>
    </AuthFrame>
  );
}
