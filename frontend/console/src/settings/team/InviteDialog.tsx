import { Alert, Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { invite, type Invitation, type Role } from '@parley/kit/api';
import { keys } from '../../app/keys';
import { fieldProblem, problemText } from '../../app/problem';
import { useMe } from '../../session/session';
import { CopyField } from '../CopyField';
import { roles } from './roles';

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const inviting = useMutation({
    mutationFn: ({ email, role }: { email: string; role: Role }) => invite(email, role),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.invitations }),
  });
  const made = inviting.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={made ? t('team.linkTitle') : t('team.inviteTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {made ? (
        <Made invitation={made} onClose={onClose} />
      ) : (
        <Form error={inviting.error} isPending={inviting.isPending} onSubmit={(body) => inviting.mutate(body)} />
      )}
    </Modal>
  );
}

type FormProps = { error: unknown; isPending: boolean; onSubmit: (body: { email: string; role: Role }) => void };

function Form({ error, isPending, onSubmit }: FormProps) {
  const { t } = useTranslation();
  const me = useMe();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('agent');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onSubmit({ email: email.trim(), role });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text c="dimmed">{t('team.inviteText')}</Text>
        {error !== null && (
          <Alert color="red" role="alert">
            {problemText(error)}
          </Alert>
        )}
        <TextInput
          label={t('auth.email')}
          type="email"
          required
          withAsterisk={false}
          data-autofocus
          value={email}
          error={fieldProblem(error, 'email')}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Radio.Group label={t('team.role')} value={role} onChange={(value) => setRole(value)}>
          <Stack gap={8} mt={6}>
            {roles
              .filter((each) => each !== 'owner' || me.member.role === 'owner')
              .toReversed()
              .map((each) => (
                <Radio key={each} value={each} label={t(`roles.${each}.name`)} description={t(`roles.${each}.text`)} />
              ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button type="submit" loading={isPending}>
            {t('team.createLink')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Made({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Text>{t('team.linkText', { email: invitation.email })}</Text>
      <CopyField
        label={t('team.copyLink')}
        value={invitation.url ?? ''}
        copyLabel={t('team.copyLink')}
        testId="invitation-link"
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('channels.done')}
        </Button>
      </Group>
    </Stack>
  );
}
