import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/kit/api';
import { useKindName } from '../list/preview';
import { nameOf } from '../../app/words';
import classes from './Composer.module.css';

/** The message that is being answered. */
export function ReplyStrip({ message, onDrop }: { message: Message; onDrop: () => void }) {
  const { t } = useTranslation();
  const kindName = useKindName();
  return (
    <div className={classes.strip}>
      <div className={classes.stripText}>
        <bdi>{nameOf(message.author)}</bdi>
        <span className="p-truncate" dir="auto">
          {message.text ?? kindName(message.kind)}
        </span>
      </div>
      <ActionIcon size={26} aria-label={t('composer.dropReply')} onClick={onDrop}>
        <IconX size={16} />
      </ActionIcon>
    </div>
  );
}
