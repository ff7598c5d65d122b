import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconUserPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { useCan, useMe } from '../../session/session';
import { useConversationActions } from '../actions';
import { SnoozeMenu } from '../thread/SnoozeMenu';
import { nameOf } from '../../app/words';
import classes from './ConversationRow.module.css';

/** Three things to do without opening the conversation, for the mouse; keys do the same in the thread. */
export function RowActions({ row }: { row: Conversation }) {
  const { t } = useTranslation();
  const me = useMe();
  const canWrite = useCan('conversations.write');
  const actions = useConversationActions(row);
  if (!canWrite) return null;
  const name = nameOf(row.contact);
  return (
    <div className={classes.actions}>
      {row.assignee?.id !== me.member.id && (
        <Tooltip label={t('inbox.assignMe')}>
          <ActionIcon
            tabIndex={-1}
            size={30}
            aria-label={t('inbox.assignMeOf', { name })}
            onClick={() => void actions.assignMe()}
          >
            <IconUserPlus size={17} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      {row.status !== 'closed' && (
        <>
          <SnoozeMenu onSnooze={(until) => void actions.snooze(until)} label={t('inbox.snoozeOf', { name })} isSmall />
          <Tooltip label={t('inbox.close')}>
            <ActionIcon
              tabIndex={-1}
              size={30}
              aria-label={t('inbox.closeOf', { name })}
              onClick={() => void actions.close()}
            >
              <IconCheck size={18} stroke={1.9} />
            </ActionIcon>
          </Tooltip>
        </>
      )}
    </div>
  );
}
