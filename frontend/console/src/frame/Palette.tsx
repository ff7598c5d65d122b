import '@mantine/spotlight/styles.css';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { commandTable, runCommand, useRegisteredCommands } from '../app/commands';
import { Keys } from './HelpOverlay';

const PAUSE_MS = 60;

/** Every command that works here and now, found by typing; anything else typed is searched for. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const registered = useRegisteredCommands();
  const [query, setQuery] = useState('');
  useEffect(() => {
    spotlight.open();
    return () => spotlight.close();
  }, []);
  const wanted = query.trim().toLowerCase();
  const found = commandTable.filter(
    (command) =>
      command.id !== 'palette' &&
      registered.includes(command.id) &&
      t(`commands.${command.id}`).toLowerCase().includes(wanted),
  );
  const search = () => void navigate({ to: '/inbox', search: { q: query.trim() } });
  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} onSpotlightClose={onClose} shortcut={null} maxHeight={420} scrollable>
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<IconSearch size={18} stroke={1.7} />}
      />
      <Spotlight.ActionsList>
        {wanted !== '' && (
          <Spotlight.Action
            label={t('palette.search', { query: query.trim() })}
            leftSection={<IconSearch size={18} stroke={1.7} />}
            onClick={search}
          />
        )}
        {found.map((command) => (
          <Spotlight.Action
            key={command.id}
            label={t(`commands.${command.id}`)}
            rightSection={<Keys keys={command.keys} />}
            // After the palette has given the focus back.
            onClick={() => setTimeout(() => runCommand(command.id), PAUSE_MS)}
          />
        ))}
        {found.length === 0 && wanted === '' && <Spotlight.Empty>{t('palette.empty')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
