import { ActionIcon, Button, Group, MultiSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash, IconUsers } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { addTeam, deleteTeam, setTeamMembers, type Page, type Team } from '@parley/kit/api';
import { askToConfirm } from '../../app/confirm';
import { keys } from '../../app/keys';
import { PaneProblem, PaneState } from '../../app/PaneState';
import { showProblem } from '../../app/problem';
import { useMembers, useTeams } from '../../inbox/queries';
import { useCan } from '../../session/session';
import classes from '../Settings.module.css';

export function Teams() {
  const { t } = useTranslation();
  const teams = useTeams();
  const canManage = useCan('teams.manage');
  if (teams.isPending) return <Skeleton h={140} radius="lg" />;
  if (teams.isError) return <PaneProblem error={teams.error} onRetry={teams.refetch} />;
  return (
    <Stack>
      {teams.data.map((team) => (
        <TeamCard key={team.id} team={team} canManage={canManage} />
      ))}
      {teams.data.length === 0 && (
        <PaneState icon={IconUsers} title={t('team.noTeamsTitle')} text={t('team.noTeamsText')} />
      )}
      {canManage && <NewTeam />}
    </Stack>
  );
}

function TeamCard({ team, canManage }: { team: Team; canManage: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const members = useMembers().data ?? [];
  const nameOf = (id: string) => members.find((member) => member.id === id)?.display_name ?? id;
  const change = (memberIds: string[]) => {
    const put = (fresh: Team) =>
      client.setQueryData<Page<Team>>(keys.teams, (page) =>
        page && { ...page, items: page.items.map((each) => (each.id === fresh.id ? fresh : each)) },
      );
    put({ ...team, member_ids: memberIds });
    setTeamMembers(team.id, memberIds).then(put, (error: unknown) => {
      put(team);
      showProblem(error);
    });
  };
  const remove = () =>
    askToConfirm({
      title: t('team.deleteTeamTitle', { name: team.name }),
      text: t('team.deleteTeamText'),
      confirm: t('team.deleteTeam', { name: team.name }),
      onConfirm: () => {
        deleteTeam(team.id).then(() => client.invalidateQueries({ queryKey: keys.teams }), showProblem);
      },
    });
  return (
    <section className={classes.card} aria-label={team.name} data-testid="team-card">
      <Group justify="space-between" mb={8} wrap="nowrap">
        <Text fw={650} dir="auto" style={{ overflowWrap: 'anywhere' }}>
          {team.name}
        </Text>
        {canManage && (
          <ActionIcon aria-label={t('team.deleteTeam', { name: team.name })} onClick={remove}>
            <IconTrash size={17} stroke={1.7} />
          </ActionIcon>
        )}
      </Group>
      {canManage ? (
        <MultiSelect
          aria-label={t('team.teamMembers', { name: team.name })}
          placeholder={team.member_ids.length === 0 ? t('team.noMembers') : ''}
          data={members
            .filter((member) => member.is_active || team.member_ids.includes(member.id))
            .map((member) => ({ value: member.id, label: member.display_name }))}
          value={team.member_ids}
          searchable
          hidePickedOptions
          onChange={change}
        />
      ) : (
        <Text c="dimmed">{team.member_ids.map(nameOf).join(', ') || t('team.noMembers')}</Text>
      )}
    </section>
  );
}

function NewTeam() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    addTeam(name.trim()).then(() => {
      setName('');
      return client.invalidateQueries({ queryKey: keys.teams });
    }, showProblem);
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t('team.newTeam')}
          placeholder={t('team.teamName')}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t('team.addTeam')}
        </Button>
      </Group>
    </form>
  );
}
