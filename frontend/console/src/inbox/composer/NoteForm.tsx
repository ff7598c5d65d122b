import { Button, Textarea } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, Member } from '@parley/kit/api';
import { PersonAvatar } from '../../app/PersonAvatar';
import { usePreferences } from '../../app/preferences';
import { useMembers } from '../queries';
import { queueNote } from '../outbox';
import { changeDraft, useDraft } from './drafts';
import { EmojiButton } from './EmojiButton';
import { meaning, pressOf } from './keys';
import { findCall, mentionsIn } from './mentions';
import classes from './Composer.module.css';

/** Words for the team alone. `@` calls a colleague. */
export function NoteForm({ conversation, onSwitch }: { conversation: Conversation; onSwitch: () => void }) {
  const { t } = useTranslation();
  const { id } = conversation;
  const text = useDraft(id).note;
  const { sendKey } = usePreferences();
  const members = (useMembers().data ?? []).filter((member) => member.is_active);
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const call = findCall(text, caret);
  const offered = call
    ? members.filter((member) => member.display_name.toLowerCase().includes(call.words.toLowerCase())).slice(0, 6)
    : [];
  const setText = (note: string) => changeDraft(id, () => ({ note }));
  const pick = (member: Member) => {
    if (!call) return;
    const name = `@${member.display_name} `;
    setText(text.slice(0, call.start) + name + text.slice(caret));
    const at = call.start + name.length;
    setCaret(at);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(at, at);
    });
  };
  const save = () => {
    if (text.trim() === '') return;
    queueNote(id, text.trim(), mentionsIn(text, members));
    setText('');
    field.current?.focus();
  };
  const inMenu = (key: string): boolean => {
    const member = offered[Math.min(chosen, offered.length - 1)];
    if (!member) return false;
    if (key === 'ArrowDown') setChosen((chosen + 1) % offered.length);
    else if (key === 'ArrowUp') setChosen((chosen - 1 + offered.length) % offered.length);
    else if (key === 'Enter' || key === 'Tab') pick(member);
    else return false;
    return true;
  };
  return (
    <div className={classes.form}>
      {offered.length > 0 && (
        <ul className={classes.mentions} aria-label={t('composer.mention')}>
          {offered.map((member, index) => (
            <li key={member.id}>
              <button type="button" data-chosen={index === chosen || undefined} onClick={() => pick(member)}>
                <PersonAvatar name={member.display_name} id={member.id} size={22} />
                <bdi>{member.display_name}</bdi>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Textarea
        ref={field}
        id="composer-text"
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={12}
        dir="auto"
        classNames={{ input: classes.input ?? '' }}
        placeholder={t('composer.notePlaceholder')}
        aria-label={t('composer.noteLabel')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setCaret(event.currentTarget.selectionEnd);
          setChosen(0);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionEnd)}
        onKeyDown={(event) => {
          if (inMenu(event.key)) {
            event.preventDefault();
            return;
          }
          if (event.key === 'Escape') event.currentTarget.blur();
          const what = meaning(pressOf(event), sendKey);
          if (!what) return;
          event.preventDefault();
          if (what === 'send') save();
          else onSwitch();
        }}
      />
      <div className={classes.bar}>
        <EmojiButton
          onPick={(emoji) => {
            setText(text.slice(0, caret) + emoji + text.slice(caret));
            setCaret(caret + emoji.length);
          }}
        />
        <span className={classes.noteHint}>
          <IconLock size={14} stroke={1.8} aria-hidden />
          {t('composer.noteHint')}
        </span>
        <Button className={classes.saveNote ?? ''} onClick={save} aria-disabled={text.trim() === ''} data-idle={text.trim() === '' || undefined}>
          {t('composer.addNote')}
        </Button>
      </div>
    </div>
  );
}
