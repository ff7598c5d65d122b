import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { getMe, signUp, type NewAccount } from '@parley/kit/api';
import { keys } from '../app/keys';
import { fieldProblem, problemText } from '../app/problem';
import { AuthFrame } from './AuthFrame';
import { useConfig } from './session';

async function open(account: NewAccount) {
  if (!document.cookie.includes('csrf=')) await getMe().catch(() => null);
  return signUp(account);
}

export function SignUp() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const config = useConfig();
  const [account, setAccount] = useState<NewAccount>({ name: '', email: '', password: '', workspace_name: '' });
  const entering = useMutation({
    mutationFn: open,
    onSuccess: async (me) => {
      client.clear();
      client.setQueryData(keys.me, me);
      await navigate({ to: '/settings/channels' });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    entering.mutate(account);
  };
  const field = (name: keyof NewAccount) => ({
    name,
    size: 'md' as const,
    required: true,
    withAsterisk: false,
    value: account[name],
    error: fieldProblem(entering.error, name),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setAccount((before) => ({ ...before, [name]: value }));
    },
  });
  const footer = (
    <Text mt="lg" c="dimmed">
      {t('auth.haveAccount')} <Anchor renderRoot={(props) => <Link to="/sign-in" {...props} />}>{t('auth.signIn')}</Anchor>
    </Text>
  );
  if (config.data && !config.data.sign_up_open) {
    return (
      <AuthFrame title={t('auth.signUpClosedTitle')} footer={footer}>
        <Text c="dimmed">{t('auth.signUpClosedText')}</Text>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={t('auth.signUpTitle')} subtitle={t('auth.signUpSubtitle')} footer={footer}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {entering.isError && (
            <Alert color="red" role="alert">
              {problemText(entering.error)}
            </Alert>
          )}
          <TextInput label={t('auth.workspaceName')} autoComplete="organization" {...field('workspace_name')} />
          <TextInput label={t('auth.yourName')} autoComplete="name" {...field('name')} />
          <TextInput label={t('auth.email')} type="email" autoComplete="username" {...field('email')} />
          <PasswordInput
            label={t('auth.password')}
            description={t('auth.passwordHint')}
            autoComplete="new-password"
            minLength={10}
            visibilityToggleButtonProps={{ 'aria-label': t('auth.showPassword') }}
            {...field('password')}
          />
          <Button type="submit" size="md" fullWidth loading={entering.isPending}>
            {t('auth.createWorkspace')}
          </Button>
        </Stack>
      </form>
    </AuthFrame>
  );
}
