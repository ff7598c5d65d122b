import { Kbd, Modal, SimpleGrid, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { commandTable } from '../app/commands';
import classes from './AppFrame.module.css';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The keys of a command, as they stand on the keyboard. */
export function Keys({ keys }: { keys: string }) {
  const { t } = useTranslation();
  const names: Record<string, string> = {
    mod: isMac ? '⌘' : t('keys.ctrl'),
    shift: '⇧',
    enter: '↵',
    escape: t('keys.escape'),
  };
  return (
    <span className={classes.keys} dir="ltr">
      {keys.split(/[ +]/).map((key) => (
        <Kbd key={key} size="sm">
          {names[key] ?? key.toUpperCase()}
        </Kbd>
      ))}
    </span>
  );
}

const composing = ['mod+enter', 'mod+.'] as const;

export function HelpOverlay({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const groups = [...new Set(commandTable.map((command) => command.group))];
  return (
    <Modal opened onClose={onClose} title={t('help.title')} size="xl" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Text c="dimmed" mb="md">
        {t('help.intro')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        {groups.map((group) => (
          <section key={group} aria-label={t(`help.group.${group}`)}>
            <Title order={3} size="h6" c="dimmed" mb={4}>
              {t(`help.group.${group}`)}
            </Title>
            {commandTable
              .filter((command) => command.group === group)
              .map((command) => (
                <div key={command.id} className={classes.keyRow}>
                  <span>{t(`commands.${command.id}`)}</span>
                  <Keys keys={command.keys} />
                </div>
              ))}
          </section>
        ))}
        <section aria-label={t('help.group.compose')}>
          <Title order={3} size="h6" c="dimmed" mb={4}>
            {t('help.group.compose')}
          </Title>
          {composing.map((keys) => (
            <div key={keys} className={classes.keyRow}>
              <span>{keys === 'mod+enter' ? t('help.send') : t('help.switch')}</span>
              <Keys keys={keys} />
            </div>
          ))}
        </section>
      </SimpleGrid>
    </Modal>
  );
}
