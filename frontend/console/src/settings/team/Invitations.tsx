import { Button, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listInvitations, revokeInvitation } from '@parley/kit/api';
import { fullTime } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { keys } from '../../app/keys';
import { showProblem } from '../../app/problem';
import { Part } from '../Room';
import classes from '../Settings.module.css';

export function Invitations() {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const invitations = useQuery({ queryKey: keys.invitations, queryFn: listInvitations, staleTime: 0 });
  const revoke = (id: string) => {
    revokeInvitation(id).then(() => client.invalidateQueries({ queryKey: keys.invitations }), showProblem);
  };
  if (!invitations.data || invitations.data.items.length === 0) return null;
  return (
    <div style={{ marginTop: 32 }}>
      <Part title={t('team.invitations')}>
        <ul className={classes.rows}>
          {invitations.data.items.map((invitation) => (
            <li key={invitation.id}>
              <div className={classes.grow}>
                <Text fw={600} truncate>
                  {invitation.email} · {t(`roles.${invitation.role}.name`)}
                </Text>
                <div className={classes.small}>
                  {t('team.invitedBy', {
                    name: invitation.inviter_name ?? t('activity.parley'),
                    time: fullTime(invitation.expires_at, locale),
                  })}
                </div>
              </div>
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                aria-label={t('team.revokeOf', { email: invitation.email })}
                onClick={() => revoke(invitation.id)}
              >
                {t('team.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      </Part>
    </div>
  );
}
