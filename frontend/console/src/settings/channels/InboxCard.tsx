import { ActionIcon, Alert, Button, Group, Menu, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconDots, IconStethoscope } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { checkInbox, disconnectInbox, type Inbox } from '@parley/kit/api';
import { fullTime } from '@parley/kit/format';
import { ChannelGlyph } from '../../app/ChannelGlyph';
import { askToConfirm } from '../../app/confirm';
import { useLocale } from '../../app/i18n';
import { keys } from '../../app/keys';
import { showProblem } from '../../app/problem';
import { HealthDot } from './HealthDot';
import { Problems } from './Problems';
import classes from './Channels.module.css';

type Props = { inbox: Inbox; canManage: boolean; onEdit?: () => void };

/** One connected channel and how it feels. */
export function InboxCard({ inbox, canManage, onEdit }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: keys.inboxes });
  const checking = useMutation({ mutationFn: () => checkInbox(inbox.id), onSuccess: again, onError: showProblem });
  const disconnect = () =>
    askToConfirm({
      title: t('channels.disconnectTitle', { name: inbox.name }),
      text: t('channels.disconnectText'),
      confirm: t('channels.disconnect'),
      onConfirm: () => {
        disconnectInbox(inbox.id).then(again, showProblem);
      },
    });
  const when = (at: string | null) => (at ? fullTime(at, locale) : t('common.never'));
  return (
    <section className={classes.card} data-state={inbox.state} aria-label={inbox.name} data-testid="inbox-card">
      <div className={classes.head}>
        <Group gap="sm" wrap="nowrap" className={classes.who ?? ''}>
          <ChannelGlyph channel={inbox.channel} className={classes.glyph} />
          <div className={classes.names}>
            <Text fw={650} fz={16} truncate dir="auto">
              {inbox.name}
            </Text>
            <Text c="dimmed" truncate>
              <bdi>{inbox.display.title}</bdi>
              {inbox.display.subtitle && (
                <>
                  {' · '}
                  <bdi>{inbox.display.subtitle}</bdi>
                </>
              )}
            </Text>
          </div>
        </Group>
        {canManage && inbox.state !== 'disconnected' && (
          <Button
            variant="default"
            loading={checking.isPending}
            leftSection={<IconStethoscope size={17} stroke={1.7} aria-hidden />}
            onClick={() => checking.mutate()}
          >
            {t('channels.check')}
          </Button>
        )}
        {canManage && (
          <Menu>
            <Menu.Target>
              <ActionIcon aria-label={t('channels.menuOf', { name: inbox.name })}>
                <IconDots size={19} stroke={1.7} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {onEdit && <Menu.Item onClick={onEdit}>{t('channels.edit')}</Menu.Item>}
              {inbox.state !== 'disconnected' && (
                <Menu.Item color="red" onClick={disconnect}>
                  {t('channels.disconnect')}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {inbox.state !== 'connected' && inbox.state_message && (
        <Alert mt="md" color={inbox.state === 'disconnected' ? 'red' : 'yellow'} icon={<IconAlertTriangle size={18} aria-hidden />}>
          <span dir="auto">{inbox.state_message}</span>
        </Alert>
      )}
      {checking.data && (
        <div className={classes.result}>
          {checking.data.is_ok ? (
            <Text className={classes.ok} role="status">
              <IconCircleCheck size={18} stroke={1.8} aria-hidden /> {t('channels.checkOk')}
            </Text>
          ) : (
            <Problems problems={checking.data.problems} />
          )}
        </div>
      )}
      <div className={classes.facts}>
        <div>
          <span>{t('team.state')}</span>
          <span className={classes.state}>
            <HealthDot state={inbox.state} />
            <span aria-hidden>{t(`channels.state.${inbox.state}`)}</span>
          </span>
        </div>
        <div>
          <span>{t('channels.lastReceived')}</span>
          <span>{when(inbox.last_received_at)}</span>
        </div>
        <div>
          <span>{t('channels.lastSent')}</span>
          <span>{when(inbox.last_sent_at)}</span>
        </div>
        {inbox.display.quality && (
          <div>
            <span>{t('channels.quality')}</span>
            <span>{inbox.display.quality}</span>
          </div>
        )}
        <div>
          <span>{t('channels.externalId')}</span>
          <span dir="ltr">{inbox.external_id}</span>
        </div>
      </div>
    </section>
  );
}
