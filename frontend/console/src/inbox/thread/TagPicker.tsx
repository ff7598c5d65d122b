import { Combobox, useCombobox } from '@mantine/core';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { addTag, type Conversation, type Page, type Tag } from '@parley/kit/api';
import { keys } from '../../app/keys';
import { showProblem } from '../../app/problem';
import { useCan } from '../../session/session';
import type { ConversationActions } from '../actions';
import { useTags } from '../queries';
import { findTags } from './tags';
import classes from './Thread.module.css';

/** No id of a tag: the option that makes a new one. */
const CREATE = 'create';
const LONGEST_NAME = 60;
/** A menu that opened the picker takes the focus back when it closes: the field asks for it after that. */
const FOCUS_MS = 60;

type Props = {
  conversation: Conversation;
  actions: ConversationActions;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** What the picker stands beside. */
  children: ReactNode;
};

/** Chooses the tags of a conversation, and makes new ones by naming them. */
export function TagPicker({ conversation, actions, isOpen, onOpenChange, children }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const canCreate = useCan('tags.manage');
  const tags = useTags().data ?? [];
  const [words, setWords] = useState('');
  const store = useCombobox({
    opened: isOpen,
    onOpenedChange: onOpenChange,
    onDropdownClose: () => {
      setWords('');
      store.resetSelectedOption();
    },
  });
  const { focusSearchInput, selectFirstOption } = store;
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setTimeout(focusSearchInput, FOCUS_MS);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the store's functions are new each time
  }, [isOpen]);
  const { found, newName } = findTags(tags, words, canCreate);
  useEffect(() => {
    if (words !== '') selectFirstOption();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- as above
  }, [words]);

  const creating = useMutation({
    mutationFn: (name: string) => addTag(name, 'gray'),
    onSuccess: (tag) => {
      client.setQueryData<Page<Tag>>(keys.tags, (page) =>
        page && !page.items.some((each) => each.id === tag.id) ? { ...page, items: [...page.items, tag] } : page,
      );
      setWords('');
      void actions.setTags([...conversation.tags, tag]);
    },
    onError: showProblem,
  });
  const isOn = (id: string) => conversation.tags.some((tag) => tag.id === id);
  const choose = (value: string) => {
    if (value === CREATE) {
      if (newName !== null && !creating.isPending) creating.mutate(newName);
      return;
    }
    const added = tags.filter((tag) => tag.id === value);
    setWords('');
    void actions.setTags(isOn(value) ? conversation.tags.filter((tag) => tag.id !== value) : [...conversation.tags, ...added]);
  };
  return (
    <Combobox keepMounted={false} store={store} onOptionSubmit={choose} width={250} position="bottom-end" shadow="md" radius="lg" withinPortal>
      <Combobox.DropdownTarget>
        <span className={classes.anchor}>{children}</span>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown data-testid="tag-picker">
        <Combobox.Search
          value={words}
          maxLength={LONGEST_NAME}
          dir="auto"
          placeholder={t(canCreate ? 'tags.find' : 'tags.findOnly')}
          aria-label={t(canCreate ? 'tags.find' : 'tags.findOnly')}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Combobox.Options className={classes.people ?? ''} aria-label={t('thread.tags')}>
          {found.map((tag) => (
            <Combobox.Option key={tag.id} value={tag.id} active={isOn(tag.id)} aria-selected={isOn(tag.id)} className={classes.tagOption ?? ''}>
              <bdi className="p-truncate">{tag.name}</bdi>
              {isOn(tag.id) && <IconCheck size={16} stroke={1.9} aria-hidden />}
            </Combobox.Option>
          ))}
          {newName !== null && (
            <Combobox.Option value={CREATE} className={classes.tagOption ?? ''} aria-disabled={creating.isPending}>
              <span className="p-truncate">{t('tags.create', { name: newName })}</span>
              <IconPlus size={16} stroke={1.9} aria-hidden />
            </Combobox.Option>
          )}
          {found.length === 0 && newName === null && (
            <Combobox.Empty>{t(words === '' && canCreate ? 'tags.empty' : 'tags.none')}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
