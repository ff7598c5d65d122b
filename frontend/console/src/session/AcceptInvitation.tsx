import { Alert, Button, PasswordInput, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { acceptInvitation, getInvitation, getMe, type InvitationPreview } from '@parley/kit/api';
import { fullTime } from '@parley/kit/format';
import { useLocale } from '../app/i18n';
import { keys } from '../app/keys';
import { problemText } from '../app/problem';
import { AuthFrame } from './AuthFrame';

export function AcceptInvitation() {
  const { t } = useTranslation();
  const { token } = useParams({ from: '/invitation/$token' });
  const invitation = useQuery({ queryKey: keys.invitation(token), queryFn: () => getInvitation(token), retry: false });
  if (invitation.isPending) {
    return (
      <AuthFrame title={t('auth.invitationLoading')}>
        <Stack>
          <Skeleton h={44} />
          <Skeleton h={44} />
        </Stack>
      </AuthFrame>
    );
  }
  if (invitation.isError) {
    return (
      <AuthFrame title={t('auth.invitationGone')}>
        <Text c="dimmed" mb="md">
          {problemText(invitation.error)}
        </Text>
        <Button variant="default" renderRoot={(props) => <Link to="/sign-in" {...props} />}>
          {t('auth.goToSignIn')}
        </Button>
      </AuthFrame>
    );
  }
  return <InvitationForm token={token} invitation={invitation.data} />;
}

function InvitationForm({ token, invitation }: { token: string; invitation: InvitationPreview }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const joining = useMutation({
    mutationFn: async () => {
      if (!document.cookie.includes('csrf=')) await getMe().catch(() => null);
      return acceptInvitation(token, {
        password,
        ...(invitation.has_account ? {} : { name: name.trim() }),
        ...(invitation.email === null ? { email: email.trim() } : {}),
      });
    },
    onSuccess: async (me) => {
      client.clear();
      client.setQueryData(keys.me, me);
      await navigate({ to: '/inbox' });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    joining.mutate();
  };
  const role = t(`roles.${invitation.role}.name`);
  return (
    <AuthFrame
      title={t('auth.joinTitle', { workspace: invitation.workspace_name })}
      subtitle={
        invitation.inviter_name
          ? t('auth.joinSubtitle', { inviter: invitation.inviter_name, role })
          : t('auth.joinAs', { role })
      }
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {joining.isError && (
            <Alert color="red" role="alert">
              {problemText(joining.error)}
            </Alert>
          )}
          {invitation.email === null ? (
            <TextInput
              label={t('auth.email')}
              size="md"
              type="email"
              name="email"
              autoComplete="username"
              required
              withAsterisk={false}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
          ) : (
            <TextInput label={t('auth.email')} size="md" value={invitation.email} readOnly variant="filled" />
          )}
          {!invitation.has_account && (
            <TextInput
              label={t('auth.yourName')}
              size="md"
              name="name"
              autoComplete="name"
              required
              withAsterisk={false}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <PasswordInput
            label={invitation.has_account ? t('auth.password') : t('auth.choosePassword')}
            description={invitation.has_account ? t('auth.joinWithAccount') : t('auth.passwordHint')}
            size="md"
            name="password"
            autoComplete={invitation.has_account ? 'current-password' : 'new-password'}
            required
            withAsterisk={false}
            value={password}
            visibilityToggleButtonProps={{ 'aria-label': t('auth.showPassword') }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="md" fullWidth loading={joining.isPending}>
            {t('auth.join')}
          </Button>
          <Text fz="sm" c="dimmed">
            {t('auth.invitationExpires', { time: fullTime(invitation.expires_at, locale) })}
          </Text>
        </Stack>
      </form>
    </AuthFrame>
  );
}
