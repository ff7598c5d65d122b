import { Select, type SelectProps } from '@mantine/core';
import { IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isLanguage, languages, speak } from '../../app/i18n';
import { setPreferences } from '../../app/preferences';

type Props = Pick<SelectProps, 'label' | 'variant'> & { onPicked?: (language: string) => void };

export function LanguagePicker({ onPicked, ...props }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <Select
      {...props}
      size="sm"
      {...(props.label ? {} : { 'aria-label': t('profile.language') })}
      leftSection={<IconLanguage size={17} stroke={1.7} aria-hidden />}
      data={Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))}
      value={i18n.language}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      onChange={(value) => {
        if (!value || !isLanguage(value)) return;
        setPreferences({ language: value });
        void speak(value);
        onPicked?.(value);
      }}
    />
  );
}
