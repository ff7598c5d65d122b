import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconBellZ, IconDots, IconFlag3, IconLink, IconMail, IconTag, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { deleteConversation, type Conversation, type Priority } from '@parley/kit/api';
import { askToConfirm } from '../../app/confirm';
import { showDone, showProblem } from '../../app/problem';
import { useLayout } from '../../app/layout';
import { useCan } from '../../session/session';
import type { ConversationActions } from '../actions';
import { snoozeChoices } from './snooze';
import { nameOf } from '../../app/words';

const priorities: Priority[] = ['urgent', 'high', 'none', 'low'];

type Props = {
  conversation: Conversation;
  actions: ConversationActions;
  onMarkUnread: () => void;
  onTags: () => void;
};

export function MoreMenu({ conversation, actions, onMarkUnread, onTags }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const layout = useLayout();
  const canDelete = useCan('conversations.delete');
  const check = (isOn: boolean) => (isOn ? <IconCheck size={16} aria-label={t('common.chosen')} /> : null);
  const copyLink = async () => {
    await navigator.clipboard.writeText(`${location.origin}/inbox/${conversation.id}`);
    showDone(t('thread.linkCopied'));
  };
  const askToDelete = () =>
    askToConfirm({
      title: t('thread.deleteTitle'),
      text: t('thread.deleteText', { name: nameOf(conversation.contact) }),
      confirm: t('thread.delete'),
      onConfirm: () => {
        deleteConversation(conversation.id).then(() => navigate({ to: '/inbox' }), showProblem);
      },
    });
  return (
    <Menu width={230}>
      <Menu.Target>
        <Tooltip label={t('thread.more')}>
          <ActionIcon aria-label={t('thread.more')}>
            <IconDots size={19} stroke={1.8} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconMail size={17} stroke={1.6} />} onClick={onMarkUnread}>
          {t('commands.conversation.unread')}
        </Menu.Item>
        {layout === 'phone' && conversation.status !== 'closed' && (
          <Menu.Sub>
            <Menu.Sub.Target>
              <Menu.Sub.Item leftSection={<IconBellZ size={17} stroke={1.6} />}>{t('inbox.snooze')}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown>
              {snoozeChoices(new Date()).map(({ id, until }) => (
                <Menu.Item key={id} onClick={() => void actions.snooze(until)}>
                  {t(`snooze.${id}`)}
                </Menu.Item>
              ))}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        )}
        <Menu.Sub>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<IconFlag3 size={17} stroke={1.6} />}>{t('thread.priority')}</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            {priorities.map((priority) => (
              <Menu.Item
                key={priority}
                rightSection={check(conversation.priority === priority)}
                onClick={() => void actions.setPriority(priority)}
              >
                {t(`priority.${priority}`)}
              </Menu.Item>
            ))}
          </Menu.Sub.Dropdown>
        </Menu.Sub>
        <Menu.Item leftSection={<IconTag size={17} stroke={1.6} />} onClick={onTags}>
          {t('commands.conversation.tags')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLink size={17} stroke={1.6} />} onClick={() => void copyLink()}>
          {t('thread.copyLink')}
        </Menu.Item>
        {canDelete && (
          <>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<IconTrash size={17} stroke={1.6} />} onClick={askToDelete}>
              {t('thread.delete')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
