import { ActionIcon, Button, Group, ScrollArea, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconSend2, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Capabilities, Interactive } from '@parley/kit/api';

type Row = { title: string; description: string };
type Kind = Interactive['type'];
type Props = { capabilities: Capabilities; text: string; onSend: (interactive: Interactive) => void };

const blank: Row = { title: '', description: '' };

/** Builds buttons or a list under a question. The words of the composer become the question. */
export function InteractiveBuilder({ capabilities, text, onSend }: Props) {
  const { t } = useTranslation();
  const { buttons, list } = capabilities;
  const [kind, setKind] = useState<Kind>(buttons ? 'buttons' : 'list');
  const [body, setBody] = useState(text);
  const [opener, setOpener] = useState('');
  const [rows, setRows] = useState<Row[]>([blank, blank]);
  const most = kind === 'buttons' ? (buttons?.max ?? 3) : (list?.max_rows ?? 10);
  const titleMax = kind === 'buttons' ? buttons?.title_max : list?.title_max;
  const shown = rows.slice(0, most);
  const filled = shown.filter((row) => row.title.trim() !== '');
  const canSend = body.trim() !== '' && filled.length > 0 && (kind === 'buttons' || opener.trim() !== '');
  const change = (index: number, patch: Partial<Row>) =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  const send = () => {
    if (kind === 'buttons') {
      const made = filled.map((row, index) => ({ id: `choice-${index + 1}`, title: row.title.trim() }));
      onSend({ type: 'buttons', body: body.trim(), buttons: made });
      return;
    }
    const made = filled.map((row, index) => ({
      id: `choice-${index + 1}`,
      title: row.title.trim(),
      ...(row.description.trim() ? { description: row.description.trim() } : {}),
    }));
    onSend({ type: 'list', body: body.trim(), button: opener.trim(), sections: [{ title: opener.trim(), rows: made }] });
  };
  return (
    <Stack gap="sm">
      {buttons && list && (
        <SegmentedControl
          fullWidth
          aria-label={t('interactive.kind')}
          value={kind}
          onChange={(value) => setKind(value)}
          data={[
            { value: 'buttons', label: t('interactive.buttons') },
            { value: 'list', label: t('interactive.list') },
          ]}
        />
      )}
      <Textarea
        label={t('interactive.question')}
        autosize
        minRows={2}
        maxRows={5}
        dir="auto"
        data-autofocus
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      {kind === 'list' && (
        <TextInput
          label={t('interactive.opener')}
          description={t('interactive.openerHelp')}
          maxLength={list?.button_max}
          value={opener}
          onChange={(event) => setOpener(event.currentTarget.value)}
        />
      )}
      <ScrollArea.Autosize mah={260}>
        <Stack gap={6}>
          {shown.map((row, index) => (
            <Group key={index} gap={6} wrap="nowrap" align="flex-start">
              <Stack gap={4} flex={1}>
                <TextInput
                  aria-label={t('interactive.choice', { number: index + 1 })}
                  placeholder={t('interactive.choice', { number: index + 1 })}
                  maxLength={titleMax}
                  value={row.title}
                  onChange={(event) => change(index, { title: event.currentTarget.value })}
                />
                {kind === 'list' && (
                  <TextInput
                    size="xs"
                    aria-label={t('interactive.descriptionOf', { number: index + 1 })}
                    placeholder={t('interactive.description')}
                    maxLength={list?.description_max}
                    value={row.description}
                    onChange={(event) => change(index, { description: event.currentTarget.value })}
                  />
                )}
              </Stack>
              <ActionIcon
                mt={2}
                aria-label={t('interactive.remove', { number: index + 1 })}
                disabled={shown.length < 2}
                onClick={() => setRows(rows.filter((_, at) => at !== index))}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
          ))}
        </Stack>
      </ScrollArea.Autosize>
      <Group justify="space-between">
        <Button
          variant="subtle"
          color="gray"
          disabled={shown.length >= most}
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setRows([...rows, blank])}
        >
          {t('interactive.add')}
        </Button>
        <Button disabled={!canSend} onClick={send} rightSection={<IconSend2 size={16} aria-hidden />}>
          {t('composer.send')}
        </Button>
      </Group>
    </Stack>
  );
}
