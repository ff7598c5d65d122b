import { ActionIcon, Badge, Menu, Select, Skeleton, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { updateMember, type Member, type Page, type Role } from '@parley/kit/api';
import { longSpan } from '@parley/kit/format';
import { askToConfirm } from '../../app/confirm';
import { useLocale } from '../../app/i18n';
import { keys } from '../../app/keys';
import { useNow } from '../../app/now';
import { PaneProblem } from '../../app/PaneState';
import { PersonAvatar } from '../../app/PersonAvatar';
import { showProblem } from '../../app/problem';
import { useMembers } from '../../inbox/queries';
import { useCan, useMe } from '../../session/session';
import { roles } from './roles';
import classes from '../Settings.module.css';

export function Members() {
  const members = useMembers();
  if (members.isPending) return <Skeleton h={180} radius="lg" />;
  if (members.isError) return <PaneProblem error={members.error} onRetry={members.refetch} />;
  return (
    <ul className={classes.rows}>
      {members.data.map((member) => (
        <MemberRow key={member.id} member={member} />
      ))}
    </ul>
  );
}

function MemberRow({ member }: { member: Member }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe();
  const canManage = useCan('members.manage');
  const isMe = member.id === me.member.id;
  // Nobody makes themselves an owner, and nobody but an owner touches one.
  const mayChange = canManage && !isMe && (member.role !== 'owner' || me.member.role === 'owner');
  const change = (body: { role?: Role; is_active?: boolean }) => {
    updateMember(member.id, body).then((fresh) => {
      client.setQueryData<Page<Member>>(keys.members, (page) =>
        page && { ...page, items: page.items.map((each) => (each.id === fresh.id ? fresh : each)) },
      );
    }, showProblem);
  };
  const deactivate = () =>
    askToConfirm({
      title: t('team.deactivateTitle', { name: member.display_name }),
      text: t('team.deactivateText'),
      confirm: t('team.deactivate'),
      onConfirm: () => change({ is_active: false }),
    });
  const offered = roles.filter((role) => role !== 'owner' || me.member.role === 'owner');
  return (
    <li className={member.is_active ? undefined : classes.off} data-testid="member-row">
      <PersonAvatar name={member.display_name} id={member.id} size={38} />
      <div className={classes.grow}>
        <Text fw={600} truncate dir="auto">
          {member.display_name}
          {isMe && ` (${t('common.you')})`}
        </Text>
        <div className={classes.small}>
          {member.email} · <LastSeen at={member.last_seen_at} />
        </div>
      </div>
      {!member.is_active && (
        <Badge variant="light" color="gray" tt="none">
          {t('team.inactive')}
        </Badge>
      )}
      {mayChange ? (
        <Select
          w={124}
          size="xs"
          aria-label={t('team.roleOf', { name: member.display_name })}
          data={offered.map((role) => ({ value: role, label: t(`roles.${role}.name`) }))}
          value={member.role}
          allowDeselect={false}
          onChange={(role) => role && change({ role })}
        />
      ) : (
        <Text fz="sm" c="dimmed" px={8}>
          {t(`roles.${member.role}.name`)}
        </Text>
      )}
      {mayChange && (
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={t('team.menuOf', { name: member.display_name })}>
              <IconDots size={18} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {member.is_active ? (
              <Menu.Item color="red" onClick={deactivate}>
                {t('team.deactivate')}
              </Menu.Item>
            ) : (
              <Menu.Item onClick={() => change({ is_active: true })}>{t('team.activate')}</Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

function LastSeen({ at }: { at: string | null }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  if (!at) return t('team.neverSeen');
  return t('team.seenAgo', { span: longSpan(now - Date.parse(at), locale) });
}
