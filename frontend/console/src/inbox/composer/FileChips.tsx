import { ActionIcon, Progress } from '@mantine/core';
import { IconAlertTriangle, IconFile, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { fileSize } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { problemText } from '../../app/problem';
import type { DraftFile } from './drafts';
import { removeFile } from './uploads';
import classes from './Composer.module.css';

export function FileChips({ conversationId, files }: { conversationId: string; files: DraftFile[] }) {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <ul className={classes.files} aria-label={t('composer.files')}>
      {files.map((file) => (
        <Chip key={file.key} file={file} onRemove={() => removeFile(conversationId, file.key)} />
      ))}
    </ul>
  );
}

function Chip({ file, onRemove }: { file: DraftFile; onRemove: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const hasFailed = file.error !== null;
  return (
    <li className={classes.file} data-failed={hasFailed || undefined}>
      {hasFailed ? (
        <IconAlertTriangle size={22} stroke={1.6} aria-hidden />
      ) : file.previewUrl ? (
        <img src={file.previewUrl} alt="" />
      ) : (
        <IconFile size={22} stroke={1.5} aria-hidden />
      )}
      <span className={classes.fileText}>
        <bdi className="p-truncate">{file.file.name}</bdi>
        <span>{hasFailed ? problemText(file.error) : fileSize(file.file.size, locale)}</span>
        {!file.uploaded && !hasFailed && (
          <Progress size={3} value={file.progress * 100} aria-label={t('composer.uploading', { name: file.file.name })} />
        )}
      </span>
      <ActionIcon size={24} aria-label={t('composer.removeFile', { name: file.file.name })} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </li>
  );
}
