import { Alert, Anchor, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { IconCircleCheck, IconExternalLink } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { checkSettings, connectInbox, updateInbox, type Channel, type ChannelField, type Inbox } from '@parley/kit/api';
import { keys } from '../../app/keys';
import { fieldProblem, problemText, showDone } from '../../app/problem';
import { CopyField } from '../CopyField';
import { Problems } from './Problems';

type Props = { channel: Channel; inbox: Inbox | null; onClose: () => void };

/** Connects a channel, or changes one. What was entered is tried out before anything is saved. */
export function ConnectDialog({ channel, inbox, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(inbox?.name ?? channel.label);
  const [values, setValues] = useState<Record<string, string>>({});
  const settings = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
  const hasSettings = Object.keys(settings).length > 0;
  const checking = useMutation({ mutationFn: () => checkSettings(channel.channel, settings) });
  const saving = useMutation({
    mutationFn: () =>
      inbox
        ? updateInbox(inbox.id, { name: name.trim(), ...(hasSettings ? { settings } : {}) })
        : connectInbox({ channel: channel.channel, name: name.trim(), settings }),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: keys.inboxes });
      showDone(t('channels.connected', { name: saved.name }));
      if (inbox) onClose();
    },
  });
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!inbox || hasSettings) {
      const result = await checking.mutateAsync().catch(() => null);
      if (!result?.is_ok) return;
    }
    saving.mutate();
  };
  const error = saving.error ?? checking.error;
  const problemOf = (field: string) =>
    checking.data?.problems.find((problem) => problem.field === field)?.message ?? fieldProblem(saving.error, field);
  const isConnected = !inbox && saving.isSuccess;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={inbox ? t('channels.editTitle', { name: inbox.name }) : t('channels.connectTitle', { label: channel.label })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {isConnected ? (
        <HookSteps channel={channel} name={saving.data.name} onClose={onClose} />
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            {error && (
              <Alert color="red" role="alert">
                {problemText(error)}
              </Alert>
            )}
            <TextInput
              label={t('channels.inboxName')}
              description={t('channels.inboxNameHelp')}
              required
              withAsterisk={false}
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            {channel.fields.map((field) => (
              <Field
                key={field.name}
                field={field}
                isChange={inbox !== null}
                value={values[field.name] ?? ''}
                error={problemOf(field.name)}
                onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
              />
            ))}
            {channel.docs && (
              <Anchor href={channel.docs} target="_blank" rel="noopener noreferrer" fz="sm" w="fit-content">
                {t('channels.docs')} <IconExternalLink size={14} stroke={1.8} aria-hidden />
              </Anchor>
            )}
            {checking.data && !checking.data.is_ok && <Problems problems={checking.data.problems} />}
            {checking.data?.is_ok && (
              <Alert color="green" role="status" icon={<IconCircleCheck size={18} aria-hidden />}>
                {t('channels.checked', { title: checking.data.display?.title ?? '' })}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button
                variant="default"
                disabled={!hasSettings}
                loading={checking.isPending && !saving.isPending}
                onClick={() => checking.mutate()}
              >
                {t('channels.testFirst')}
              </Button>
              <Button type="submit" loading={saving.isPending}>
                {inbox ? t('channels.saveChanges') : t('channels.connectNow')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

type FieldProps = {
  field: ChannelField;
  isChange: boolean;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
};

function Field({ field, isChange, value, error, onChange }: FieldProps) {
  const { t } = useTranslation();
  const shared = {
    label: field.label,
    description: field.help,
    name: field.name,
    required: field.is_required && !isChange,
    withAsterisk: false,
    autoComplete: 'off',
    dir: 'ltr' as const,
    value,
    error,
    ...(isChange ? { placeholder: t('channels.keepSecret') } : {}),
    ...(field.pattern ? { pattern: field.pattern } : {}),
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  return field.kind === 'secret' ? (
    <PasswordInput {...shared} visibilityToggleButtonProps={{ 'aria-label': t('auth.showPassword') }} />
  ) : (
    <TextInput {...shared} />
  );
}

/** What remains to be done at the vendor's side. */
function HookSteps({ channel, name, onClose }: { channel: Channel; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Alert color="green" icon={<IconCircleCheck size={18} aria-hidden />}>
        {t('channels.connected', { name })}
      </Alert>
      {channel.hook && (
        <>
          <Text fw={600}>{t('channels.hookTitle')}</Text>
          <Text c="dimmed">{t('channels.hookText')}</Text>
          <CopyField label={t('channels.hookUrl')} value={channel.hook.url} testId="hook-url" />
          <CopyField label={t('channels.verifyToken')} value={channel.hook.verify_token} testId="verify-token" />
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('channels.done')}</Button>
      </Group>
    </Stack>
  );
}
