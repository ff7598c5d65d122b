import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './SchemeSwitch.module.css';

/** As the system, light, dark: three words would not fit everywhere, so three signs with names. */
export function SchemeSwitch() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choice = (value: MantineColorScheme, Sign: Icon, label: string) => (
    <button
      type="button"
      className={classes.choice}
      aria-pressed={colorScheme === value}
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(value)}
    >
      <Sign size={17} stroke={1.7} aria-hidden />
    </button>
  );
  return (
    <div role="group" aria-label={t('profile.theme')} className={classes.switch}>
      {choice('auto', IconDeviceDesktop, t('profile.themeAuto'))}
      {choice('light', IconSun, t('profile.themeLight'))}
      {choice('dark', IconMoon, t('profile.themeDark'))}
    </div>
  );
}
