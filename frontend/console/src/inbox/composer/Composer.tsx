import { IconLock, IconMessage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { useCommand } from '../../app/commands';
import { useNow } from '../../app/now';
import { useCan } from '../../session/session';
import { ClosedWindow } from './ClosedWindow';
import { changeDraft, useDraft, type Mode } from './drafts';
import { NoteForm } from './NoteForm';
import { ReplyForm } from './ReplyForm';
import classes from './Composer.module.css';

/** Reply or note: two forms that nobody can mistake for each other. */
export function Composer({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { id } = conversation;
  const { mode } = useDraft(id);
  const canSend = useCan('messages.send');
  const canNote = useCan('notes.write');
  const now = useNow();
  const setMode = (next: Mode) => {
    changeDraft(id, () => ({ mode: next }));
    requestAnimationFrame(() => document.getElementById('composer-text')?.focus());
  };
  useCommand('compose.reply', () => setMode('reply'), canSend);
  useCommand('compose.note', () => setMode('note'), canNote);
  if (!canSend && !canNote) return <p className={classes.readOnly}>{t('composer.readOnly')}</p>;
  const { window } = conversation;
  const hasRunOut = window.closes_at !== null && Date.parse(window.closes_at) <= now;
  const isShut = window.allowed !== 'anything' || !window.is_open || hasRunOut;
  const shown: Mode = !canSend ? 'note' : !canNote ? 'reply' : mode;
  const tab = (value: Mode, label: string, Icon: typeof IconLock) => (
    <button
      type="button"
      role="tab"
      id={`composer-tab-${value}`}
      aria-selected={shown === value}
      aria-controls="composer-panel"
      tabIndex={shown === value ? 0 : -1}
      className={classes.tab}
      data-mode={value}
      onClick={() => setMode(value)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') setMode(shown === 'reply' ? 'note' : 'reply');
      }}
    >
      <Icon size={15} stroke={1.8} aria-hidden />
      {label}
    </button>
  );
  return (
    <section className={classes.composer} data-mode={shown} aria-label={t('composer.title')}>
      {canSend && canNote && (
        <div role="tablist" aria-label={t('composer.mode')} className={classes.tabs}>
          {tab('reply', t('composer.reply'), IconMessage)}
          {tab('note', t('composer.note'), IconLock)}
        </div>
      )}
      <div id="composer-panel" role="tabpanel" aria-labelledby={`composer-tab-${shown}`}>
        {shown === 'note' && <NoteForm conversation={conversation} onSwitch={() => canSend && setMode('reply')} />}
        {shown === 'reply' && isShut && (
          <ClosedWindow conversation={conversation} onNote={() => canNote && setMode('note')} />
        )}
        {shown === 'reply' && !isShut && (
          <ReplyForm conversation={conversation} onSwitch={() => canNote && setMode('note')} />
        )}
      </div>
    </section>
  );
}
