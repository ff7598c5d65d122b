import { Button, Menu, Text, TextInput } from '@mantine/core';
import { IconCheck, IconSearch, IconUserOff, IconUserPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { PersonAvatar } from '../../app/PersonAvatar';
import { useMe } from '../../session/session';
import type { ConversationActions } from '../actions';
import { useMembers, useTeams } from '../queries';
import classes from './Thread.module.css';

const FOCUS_MS = 60;

type Props = {
  conversation: Conversation;
  actions: ConversationActions;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
};

/** Who answers: a member and, beside that, a team. */
export function AssignMenu({ conversation, actions, isOpen, onOpenChange }: Props) {
  const { t } = useTranslation();
  const { assignee } = conversation;
  return (
    <Menu width={280} opened={isOpen} onChange={onOpenChange} trapFocus>
      <Menu.Target>
        <Button
          variant="default"
          className={classes.assign ?? ''}
          data-testid="assign-menu"
          leftSection={
            assignee ? (
              <PersonAvatar name={assignee.name} id={assignee.id} size={22} />
            ) : (
              <IconUserPlus size={17} stroke={1.7} aria-hidden />
            )
          }
        >
          <span className="p-hidden">
            {assignee ? t('inbox.assignedTo', { name: assignee.name }) : t('inbox.assign')}
          </span>
          <span className={`p-truncate ${classes.assignName}`} dir="auto" aria-hidden>
            {assignee?.name ?? t('inbox.assign')}
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Choices conversation={conversation} actions={actions} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Choices({ conversation, actions }: Pick<Props, 'conversation' | 'actions'>) {
  const { t } = useTranslation();
  const me = useMe();
  const members = (useMembers().data ?? []).filter((member) => member.is_active);
  const teams = useTeams().data ?? [];
  const [words, setWords] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The menu itself takes the focus when it opens: the field asks for it after that.
    const timer = setTimeout(() => field.current?.focus(), FOCUS_MS);
    return () => clearTimeout(timer);
  }, []);
  const isWanted = (name: string) => name.toLowerCase().includes(words.trim().toLowerCase());
  const check = (isOn: boolean) => (isOn ? <IconCheck size={16} aria-label={t('common.chosen')} /> : null);
  const sorted = members.toSorted((a, b) => Number(b.id === me.member.id) - Number(a.id === me.member.id));
  return (
    <>
      <TextInput
        ref={field}
        m={6}
        placeholder={t('inbox.findPerson')}
        aria-label={t('inbox.findPerson')}
        leftSection={<IconSearch size={16} stroke={1.7} aria-hidden />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <div className={classes.people}>
        {conversation.assignee && (
          <Menu.Item leftSection={<IconUserOff size={20} stroke={1.6} />} onClick={() => void actions.assign(null)}>
            {t('inbox.unassign')}
          </Menu.Item>
        )}
        {sorted
          .filter((member) => isWanted(member.display_name))
          .map((member) => (
            <Menu.Item
              key={member.id}
              leftSection={<PersonAvatar name={member.display_name} id={member.id} size={22} />}
              rightSection={check(conversation.assignee?.id === member.id)}
              onClick={() => void actions.assign({ id: member.id, name: member.display_name })}
            >
              <Text truncate dir="auto">
                {member.display_name}
                {member.id === me.member.id && ` (${t('common.you')})`}
              </Text>
            </Menu.Item>
          ))}
        {teams.some((team) => isWanted(team.name)) && (
          <>
            <Menu.Label>{t('navigator.teams')}</Menu.Label>
            {teams
              .filter((team) => isWanted(team.name))
              .map((team) => {
                const isHere = conversation.team?.id === team.id;
                return (
                  <Menu.Item
                    key={team.id}
                    rightSection={check(isHere)}
                    onClick={() => void actions.setTeam(isHere ? null : { id: team.id, name: team.name })}
                  >
                    {team.name}
                  </Menu.Item>
                );
              })}
          </>
        )}
      </div>
    </>
  );
}
