import { Button, Group, Input, PasswordInput, Select, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { changePassword, updateMe } from '@parley/kit/api';
import { keys } from '../../app/keys';
import { setPreferences, usePreferences } from '../../app/preferences';
import { fieldProblem, showDone, showProblem } from '../../app/problem';
import { SchemeSwitch } from '../../frame/SchemeSwitch';
import { chime } from '../../frame/signals';
import { useMe } from '../../session/session';
import { Part, Room } from '../Room';
import { LanguagePicker } from './LanguagePicker';

export function ProfilePage() {
  const { t } = useTranslation();
  return (
    <Room title={t('profile.title')} intro={t('profile.intro')}>
      <AboutYou />
      <OnThisDevice />
      <Password />
    </Room>
  );
}

function AboutYou() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const [name, setName] = useState(me.user.name);
  const [displayName, setDisplayName] = useState(me.member.display_name);
  const [zone, setZone] = useState(me.user.time_zone || Intl.DateTimeFormat().resolvedOptions().timeZone);
  const saving = useMutation({
    mutationFn: () => updateMe({ name: name.trim(), display_name: displayName.trim(), time_zone: zone }),
    onSuccess: (fresh) => {
      client.setQueryData(keys.me, fresh);
      showDone(t('profile.saved'));
    },
    onError: showProblem,
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Part title={t('profile.you')}>
      <form onSubmit={submit}>
        <Stack maw={440}>
          <TextInput
            label={t('profile.name')}
            required
            withAsterisk={false}
            value={name}
            error={fieldProblem(saving.error, 'name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t('profile.displayName')}
            required
            withAsterisk={false}
            value={displayName}
            error={fieldProblem(saving.error, 'display_name')}
            onChange={(event) => setDisplayName(event.currentTarget.value)}
          />
          <TextInput label={t('profile.email')} value={me.user.email} readOnly variant="filled" />
          <Select
            label={t('profile.timeZone')}
            searchable
            data={Intl.supportedValuesOf('timeZone')}
            value={zone}
            limit={60}
            allowDeselect={false}
            onChange={(value) => value && setZone(value)}
          />
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Part>
  );
}

function OnThisDevice() {
  const { t } = useTranslation();
  const { sendKey, hasSound } = usePreferences();
  const keepLanguage = (locale: string) => {
    updateMe({ locale }).catch(() => undefined);
  };
  return (
    <Part title={t('profile.look')}>
      <Stack maw={440}>
        <LanguagePicker label={t('profile.language')} onPicked={keepLanguage} />
        <Input.Wrapper label={t('profile.theme')} labelElement="div">
          <SchemeSwitch />
        </Input.Wrapper>
        <Input.Wrapper label={t('profile.sendKey')} labelElement="div">
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={t('profile.sendKey')}
            value={sendKey}
            onChange={(value) => setPreferences({ sendKey: value })}
            data={[
              { value: 'enter', label: t('profile.sendEnter') },
              { value: 'mod+enter', label: t('profile.sendModEnter') },
            ]}
          />
        </Input.Wrapper>
        <Group justify="space-between" wrap="nowrap">
          <Switch
            label={t('profile.sound')}
            checked={hasSound}
            onChange={(event) => setPreferences({ hasSound: event.currentTarget.checked })}
          />
          <Button variant="subtle" color="gray" size="compact-sm" flex="none" onClick={chime}>
            {t('profile.tryIt')}
          </Button>
        </Group>
      </Stack>
    </Part>
  );
}

function Password() {
  const { t } = useTranslation();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const changing = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      showDone(t('profile.passwordChanged'));
    },
    onError: showProblem,
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    changing.mutate();
  };
  const toggle = { 'aria-label': t('auth.showPassword') };
  return (
    <Part title={t('profile.password')}>
      <form onSubmit={submit}>
        <Stack maw={440}>
          <PasswordInput
            label={t('profile.currentPassword')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={current}
            error={fieldProblem(changing.error, 'current_password')}
            visibilityToggleButtonProps={toggle}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('profile.newPassword')}
            description={t('auth.passwordHint')}
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={next}
            error={fieldProblem(changing.error, 'new_password')}
            visibilityToggleButtonProps={toggle}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          <Group>
            <Button type="submit" variant="default" loading={changing.isPending}>
              {t('profile.changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Part>
  );
}
