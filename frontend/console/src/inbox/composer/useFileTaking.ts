import { useState, type ClipboardEvent, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Capabilities } from '@parley/kit/api';
import { fileSize } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { showProblem } from '../../app/problem';
import { addFile, refusal } from './uploads';

/** The ways in which files come to a draft: chosen, pasted, dropped. What the channel would refuse is refused here. */
export function useFileTaking(conversationId: string, capabilities: Capabilities | null) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [isDropping, setIsDropping] = useState(false);
  const take = (list: Iterable<File>) => {
    for (const file of list) {
      const problem = refusal(file, capabilities);
      if (!problem) {
        addFile(conversationId, file);
        continue;
      }
      const limit = fileSize(problem.limit ?? 0, locale);
      showProblem(null, t(`composer.${problem.key}`, { name: file.name, limit }));
    }
  };
  const dropTarget = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setIsDropping(event.dataTransfer.types.includes('Files'));
    },
    onDragLeave: () => setIsDropping(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setIsDropping(false);
      take(event.dataTransfer.files);
    },
  };
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    take(event.clipboardData.files);
  };
  return { take, isDropping, dropTarget, paste };
}
