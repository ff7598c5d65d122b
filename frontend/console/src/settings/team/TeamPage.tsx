import { Button, Tabs } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../session/session';
import { Room } from '../Room';
import { Invitations } from './Invitations';
import { InviteDialog } from './InviteDialog';
import { Members } from './Members';
import { RolesTable } from './RolesTable';
import { Teams } from './Teams';

export function TeamPage() {
  const { t } = useTranslation();
  const canInvite = useCan('invitations.manage');
  const [isInviting, setIsInviting] = useState(false);
  const action = canInvite && (
    <Button leftSection={<IconUserPlus size={17} stroke={1.8} aria-hidden />} onClick={() => setIsInviting(true)}>
      {t('team.invite')}
    </Button>
  );
  return (
    <Room title={t('team.title')} intro={t('team.intro')} needs="members.read" action={action}>
      <Tabs defaultValue="members" keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="members">{t('team.members')}</Tabs.Tab>
          <Tabs.Tab value="teams">{t('team.teams')}</Tabs.Tab>
          <Tabs.Tab value="roles">{t('team.roles')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="members">
          <Members />
          {canInvite && <Invitations />}
        </Tabs.Panel>
        <Tabs.Panel value="teams">
          <Teams />
        </Tabs.Panel>
        <Tabs.Panel value="roles">
          <RolesTable />
        </Tabs.Panel>
      </Tabs>
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </Room>
  );
}
