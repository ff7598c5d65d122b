import { Menu, Text } from '@mantine/core';
import { IconCheck, IconLanguage, IconLogout, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { signOut } from '@parley/kit/api';
import { languages, speak, type LanguageName } from '../app/i18n';
import { keys } from '../app/keys';
import { PersonAvatar } from '../app/PersonAvatar';
import { setPreferences } from '../app/preferences';
import { showProblem } from '../app/problem';
import { useMe } from '../session/session';
import { SchemeSwitch } from './SchemeSwitch';
import classes from './AppFrame.module.css';

export function AccountMenu({ className = classes.railItem }: { className?: string | undefined }) {
  const { t, i18n } = useTranslation();
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
        <button type="button" className={className}>
          <span className="p-hidden">{t('frame.account', { name: me.user.name })}</span>
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
        <div style={{ padding: '4px 8px 8px' }}>
          <SchemeSwitch />
        </div>
        <Menu.Sub>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<IconLanguage size={17} stroke={1.7} />}>{t('profile.language')}</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            {(Object.keys(languages) as LanguageName[]).map((language) => (
              <Menu.Item
                key={language}
                rightSection={i18n.language === language && <IconCheck size={16} aria-label={t('common.chosen')} />}
                onClick={() => {
                  setPreferences({ language });
                  void speak(language);
                }}
              >
                {languages[language].name}
              </Menu.Item>
            ))}
          </Menu.Sub.Dropdown>
        </Menu.Sub>
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
