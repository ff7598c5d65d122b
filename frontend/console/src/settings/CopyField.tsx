import { Button, CopyButton, Group, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

type Props = { label: string; value: string; copyLabel?: string; testId?: string };

/** A value that somebody has to carry elsewhere. */
export function CopyField({ label, value, copyLabel, testId }: Props) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <TextInput
        flex={1}
        readOnly
        label={label}
        value={value}
        dir="ltr"
        data-testid={testId}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          >
            {copied ? t('common.copied') : (copyLabel ?? t('common.copy'))}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
