import { Button } from '@mantine/core';
import { IconAt } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { changeDraft } from './drafts';
import classes from './Composer.module.css';

type Props = { conversationId: string; name: string; onSwitch: () => void };

/** A reply that calls a colleague was probably meant as a note. */
export function MentionHint({ conversationId, name, onSwitch }: Props) {
  const { t } = useTranslation();
  const move = () => {
    changeDraft(conversationId, (draft) => ({ note: draft.reply, reply: '' }));
    onSwitch();
  };
  return (
    <div className={classes.hint} role="status">
      <IconAt size={16} stroke={1.8} aria-hidden />
      <span>{t('composer.mentionInReply', { name })}</span>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={move}>
        {t('composer.makeNote')}
      </Button>
    </div>
  );
}
