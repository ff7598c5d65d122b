import { ActionIcon, Button, Textarea, Tooltip } from '@mantine/core';
import { IconPaperclip, IconSend2 } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, Interactive } from '@parley/kit/api';
import { usePreferences } from '../../app/preferences';
import { useMembers } from '../queries';
import { queueMessage } from '../outbox';
import { useReplyTo, useThread } from '../thread/context';
import { changeDraft, useDraft } from './drafts';
import { EmojiButton } from './EmojiButton';
import { FileChips } from './FileChips';
import { InteractiveButton } from './InteractiveButton';
import { meaning, pressOf } from './keys';
import { MentionHint } from './MentionHint';
import { ReplyStrip } from './ReplyStrip';
import { useTypingSignal } from './typing';
import { asLocalFiles } from './uploads';
import { useFileTaking } from './useFileTaking';
import { nameOf } from '../../app/words';
import classes from './Composer.module.css';

const COUNTER_FROM = 0.8;

export function ReplyForm({ conversation, onSwitch }: { conversation: Conversation; onSwitch: () => void }) {
  const { t } = useTranslation();
  const { id } = conversation;
  const draft = useDraft(id);
  const { sendKey } = usePreferences();
  const { capabilities, setReplyTo, focusComposer } = useThread();
  const replyTo = useReplyTo();
  const members = useMembers().data ?? [];
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { take, isDropping, dropTarget, paste } = useFileTaking(id, capabilities);
  const signal = useTypingSignal(id, capabilities?.typing ?? false);
  useEffect(() => {
    focusComposer.current = () => field.current?.focus();
    return () => {
      focusComposer.current = null;
    };
  }, [focusComposer]);

  const text = draft.reply;
  const limit = (draft.files.length > 0 ? capabilities?.caption_max : null) ?? capabilities?.max_text;
  const isTooLong = limit !== undefined && text.length > limit;
  const isUploading = draft.files.some((file) => !file.uploaded && !file.error);
  const files = asLocalFiles(draft.files);
  const isEmpty = text.trim() === '' && files.length === 0;
  const canSend = !isEmpty && !isTooLong && !isUploading && !draft.files.some((file) => file.error);
  const mentioned = members.find((member) => text.includes(`@${member.display_name}`));

  const setText = (reply: string) => changeDraft(id, () => ({ reply }));
  const quoted = replyTo
    ? { id: replyTo.id, author_name: replyTo.author.name, preview: replyTo.text, kind: replyTo.kind }
    : null;
  const finish = () => {
    changeDraft(id, () => ({ reply: '', files: [] }));
    setReplyTo(null);
    field.current?.focus();
  };
  const send = () => {
    if (!canSend) return;
    // A channel takes one file per message; the words go with the last one.
    files.slice(0, -1).forEach((file) => queueMessage({ conversationId: id, text: '', files: [file] }));
    queueMessage({ conversationId: id, text: text.trim(), files: files.slice(-1), replyTo: quoted });
    finish();
  };
  const sendInteractive = (interactive: Interactive) => {
    queueMessage({ conversationId: id, text: '', interactive, replyTo: quoted });
    finish();
  };
  const insert = (emoji: string) => {
    const at = field.current?.selectionEnd ?? text.length;
    setText(text.slice(0, at) + emoji + text.slice(at));
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(at + emoji.length, at + emoji.length);
    });
  };
  return (
    // Dropping files is a second way for the mouse; the button does the same for everybody.
     
    <div
      role="group"
      aria-label={t('composer.reply')}
      className={classes.form}
      data-dropping={isDropping || undefined}
      {...dropTarget}
    >
      {replyTo && <ReplyStrip message={replyTo} onDrop={() => setReplyTo(null)} />}
      {mentioned && <MentionHint conversationId={id} name={mentioned.display_name} onSwitch={onSwitch} />}
      <FileChips conversationId={id} files={draft.files} />
      <Textarea
        ref={field}
        id="composer-text"
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={12}
        dir="auto"
        classNames={{ input: classes.input ?? '' }}
        placeholder={t('composer.replyPlaceholder', { name: nameOf(conversation.contact) })}
        aria-label={t('composer.replyLabel')}
        aria-invalid={isTooLong}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          if (event.currentTarget.value) signal();
        }}
        onPaste={paste}
        onKeyDown={(event) => {
          const what = meaning(pressOf(event), sendKey);
          if (event.key === 'Escape') event.currentTarget.blur();
          if (!what) return;
          event.preventDefault();
          if (what === 'send') send();
          else onSwitch();
        }}
      />
      <div className={classes.bar}>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t('composer.attach')}
          onChange={(event) => {
            take(event.currentTarget.files ?? []);
            event.currentTarget.value = '';
          }}
        />
        <Tooltip label={t('composer.attach')}>
          <ActionIcon aria-label={t('composer.attach')} onClick={() => picker.current?.click()}>
            <IconPaperclip size={19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <EmojiButton onPick={insert} />
        {capabilities && (capabilities.buttons ?? capabilities.list) && (
          <InteractiveButton capabilities={capabilities} text={text} onSend={sendInteractive} />
        )}
        <span style={{ flex: 1 }} />
        {limit !== undefined && text.length > limit * COUNTER_FROM && (
          <span className={classes.counter} data-over={isTooLong || undefined} role="status">
            {t('composer.counter', { count: text.length, limit })}
          </span>
        )}
        <Tooltip label={t(sendKey === 'enter' ? 'composer.sendByEnter' : 'composer.sendByModEnter')}>
          <Button
            onClick={send}
            aria-disabled={!canSend}
            data-idle={!canSend || undefined}
            className={classes.send ?? ''}
            loading={isUploading}
            rightSection={<IconSend2 size={17} stroke={1.8} aria-hidden className={classes.flip} />}
          >
            {t('composer.send')}
          </Button>
        </Tooltip>
      </div>
    </div>
  );
}
