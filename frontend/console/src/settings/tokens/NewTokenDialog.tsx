import { Alert, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { addToken, type Role } from '@parley/kit/api';
import { keys } from '../../app/keys';
import { fieldProblem, problemText } from '../../app/problem';
import { useMe } from '../../session/session';
import { CopyField } from '../CopyField';
import { roles } from '../team/roles';

const lengths = [7, 30, 90, 365];

export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('agent');
  const [days, setDays] = useState('90');
  const making = useMutation({
    mutationFn: () =>
      addToken({ name: name.trim(), role, expires_in_days: days === 'none' ? null : Number(days) }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    making.mutate();
  };
  const made = making.data;
  // A token may do no more than the person who makes it.
  const offered = roles.slice(roles.indexOf(me.member.role));
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      closeOnClickOutside={!made}
      title={made ? t('tokens.secretTitle') : t('tokens.createTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {made ? (
        <Stack>
          <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
            {t('tokens.secretText')}
          </Alert>
          <CopyField label={t('tokens.secret')} value={made.secret} copyLabel={t('tokens.copy')} testId="token-secret" />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('tokens.done')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {making.isError && (
              <Alert color="red" role="alert">
                {problemText(making.error)}
              </Alert>
            )}
            <TextInput
              label={t('tokens.name')}
              description={t('tokens.nameHelp')}
              required
              withAsterisk={false}
              data-autofocus
              maxLength={80}
              value={name}
              error={fieldProblem(making.error, 'name')}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Group grow align="flex-start">
              <Select
                label={t('team.role')}
                data={offered.map((each) => ({ value: each, label: t(`roles.${each}.name`) }))}
                value={role}
                allowDeselect={false}
                onChange={(value) => value && setRole(value)}
              />
              <Select
                label={t('tokens.expires')}
                data={[
                  ...lengths.map((count) => ({ value: String(count), label: t('tokens.days', { count }) })),
                  { value: 'none', label: t('tokens.forever') },
                ]}
                value={days}
                allowDeselect={false}
                onChange={(value) => value && setDays(value)}
              />
            </Group>
            <Group justify="flex-end">
              <Button type="submit" loading={making.isPending}>
                {t('tokens.create')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
