import { ActionIcon, Button, Menu, TextInput, Tooltip } from '@mantine/core';
import { IconBellZ, IconCalendarTime } from '@tabler/icons-react';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fullTime } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { snoozeChoices, toLocalInput } from './snooze';

type Props = {
  onSnooze: (until: Date) => void;
  label: string;
  isSmall?: boolean;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
};

/** Puts a conversation aside until a time: four usual ones, or any. */
export function SnoozeMenu({ onSnooze, label, isSmall = false, isOpen, onOpenChange }: Props) {
  const { t } = useTranslation();
  const [isOpenHere, setIsOpenHere] = useState(false);
  return (
    <Menu
      width={270}
      opened={isOpen ?? isOpenHere}
      onChange={onOpenChange ?? setIsOpenHere}
      trapFocus
    >
      <Menu.Target>
        <Tooltip label={t('inbox.snooze')}>
          <ActionIcon {...(isSmall ? { size: 30, tabIndex: -1 } : {})} aria-label={label}>
            <IconBellZ size={isSmall ? 17 : 19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <SnoozeChoices
          onSnooze={(until) => {
            (onOpenChange ?? setIsOpenHere)(false);
            onSnooze(until);
          }}
        />
      </Menu.Dropdown>
    </Menu>
  );
}

function SnoozeChoices({ onSnooze }: { onSnooze: (until: Date) => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [now] = useState(() => new Date());
  const [custom, setCustom] = useState(() => toLocalInput(new Date(now.getTime() + 86_400_000)));
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const until = new Date(custom);
    if (until.getTime() > Date.now()) onSnooze(until);
  };
  return (
    <>
      <Menu.Label>{t('inbox.snoozeUntil')}</Menu.Label>
      {snoozeChoices(now).map(({ id, until }) => (
        <Menu.Item
          key={id}
          onClick={() => onSnooze(until)}
          rightSection={
            <span style={{ color: 'var(--p-ink-3)', fontSize: 12 }}>
              {new Intl.DateTimeFormat(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(until)}
            </span>
          }
        >
          {t(`snooze.${id}`)}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <form onSubmit={submit} style={{ padding: '6px 10px 8px', display: 'grid', gap: 8 }}>
        <TextInput
          type="datetime-local"
          label={t('snooze.custom')}
          value={custom}
          min={toLocalInput(now)}
          leftSection={<IconCalendarTime size={16} stroke={1.7} aria-hidden />}
          onChange={(event) => setCustom(event.currentTarget.value)}
          onKeyDown={(event) => event.stopPropagation()}
        />
        <Button type="submit" variant="default" title={custom ? fullTime(custom, locale) : undefined}>
          {t('inbox.snooze')}
        </Button>
      </form>
    </>
  );
}
