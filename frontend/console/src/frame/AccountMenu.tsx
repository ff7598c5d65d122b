import { Menu, SegmentedControl, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { signOut } from '@parley/kit/api';
import { keys } from '../app/keys';
import { PersonAvatar } from '../app/PersonAvatar';
import { showProblem } from '../app/problem';
import { useMe } from '../session/session';
import { LanguagePicker } from '../settings/profile/LanguagePicker';
import classes from './AppFrame.module.css';

/** Auto, light, dark: three words would not fit, so three signs with names. */
export function SchemeSwitch() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const option = (value: MantineColorScheme, Icon: typeof IconSun, label: string) => ({
    value,
    label: <Icon size={17} stroke={1.7} aria-label={label} style={{ display: 'block', margin: '1px auto' }} />,
  });
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t('profile.theme')}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={[
        option('auto', IconDeviceDesktop, t('profile.themeAuto')),
        option('light', IconSun, t('profile.themeLight')),
        option('dark', IconMoon, t('profile.themeDark')),
      ]}
    />
  );
}

export function AccountMenu({ className = classes.railItem }: { className?: string | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    try {
      await signOut();
      client.clear();
      client.setQueryData(keys.me, null);
      await navigate({ to: '/sign-in' });
    } catch (error) {
      showProblem(error);
    }
  };
  return (
    <Menu position="right-end" offset={10} width={260} closeOnItemClick>
      <Menu.Target>
        <button type="button" className={className} aria-label={t('frame.account', { name: me.user.name })}>
          <PersonAvatar name={me.member.display_name || me.user.name} id={me.member.id} size={30} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '8px 12px' }}>
          <Text fw={600} truncate dir="auto">
            {me.member.display_name || me.user.name}
          </Text>
          <Text fz="xs" c="dimmed" truncate>
            {me.user.email} · {t(`roles.${me.member.role}.name`)}
          </Text>
        </div>
        <div style={{ padding: '4px 8px 8px', display: 'grid', gap: 6 }}>
          <SchemeSwitch />
          <LanguagePicker />
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconUser size={17} stroke={1.7} />}
          renderRoot={(props) => <Link to="/settings/profile" {...props} />}
        >
          {t('frame.profile')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={17} stroke={1.7} />} onClick={() => void leave()}>
          {t('frame.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
