import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconCheck, IconChevronDown, IconLayoutSidebarRight, IconRotate } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { ChannelGlyph } from '../../app/ChannelGlyph';
import { useCommand } from '../../app/commands';
import { useLayout } from '../../app/layout';
import { useCan } from '../../session/session';
import { useConversationActions } from '../actions';
import { neighbourOf } from '../list/order';
import { useInboxes } from '../queries';
import { AssignMenu } from './AssignMenu';
import { MoreMenu } from './MoreMenu';
import { SnoozeMenu } from './SnoozeMenu';
import { TagPicker } from './TagPicker';
import { nameOf } from '../../app/words';
import classes from './Thread.module.css';

type HeaderMenu = 'assign' | 'snooze' | 'tags';

type Props = {
  conversation: Conversation;
  onDetails: () => void;
  detailsAreShown: boolean;
  onMarkedUnread: () => void;
};

export function ThreadHeader({ conversation, onDetails, detailsAreShown, onMarkedUnread }: Props) {
  const { t } = useTranslation();
  const layout = useLayout();
  const navigate = useNavigate();
  const search = useSearch({ from: '/door/inbox' });
  const canWrite = useCan('conversations.write');
  const actions = useConversationActions(conversation);
  const inbox = useInboxes().data?.find((each) => each.id === conversation.inbox_id);
  const [openMenu, setOpenMenu] = useState<HeaderMenu | null>(null);
  const isClosed = conversation.status === 'closed';
  const leave = () => void navigate({ to: '/inbox', search });
  const closeAndNext = async () => {
    const next = neighbourOf(conversation.id);
    if (!(await actions.close())) return;
    if (next && next !== conversation.id) {
      await navigate({ to: '/inbox/$conversationId', params: { conversationId: next }, search });
    } else leave();
  };
  const markUnread = () => {
    onMarkedUnread();
    void actions.markUnread();
    leave();
  };
  useCommand('conversation.assignMe', () => void actions.assignMe(), canWrite);
  useCommand('conversation.assign', () => setOpenMenu('assign'), canWrite);
  useCommand('conversation.tags', () => setOpenMenu('tags'), canWrite);
  useCommand('conversation.snooze', () => setOpenMenu('snooze'), canWrite && !isClosed);
  useCommand('conversation.close', () => void actions.close(), canWrite && !isClosed);
  useCommand('conversation.closeNext', () => void closeAndNext(), canWrite && !isClosed);
  useCommand('conversation.unread', markUnread, canWrite);
  const menu = (name: HeaderMenu) => ({
    isOpen: openMenu === name,
    onOpenChange: (isOpen: boolean) => setOpenMenu(isOpen ? name : null),
  });
  return (
    <header className={classes.header}>
      <div className={classes.row}>
      {layout === 'phone' && (
        <ActionIcon
          aria-label={t('thread.back')}
          renderRoot={(props) => <Link to="/inbox" search={search} {...props} />}
        >
          <IconArrowLeft size={20} stroke={1.8} className={classes.flip} />
        </ActionIcon>
      )}
      <div className={classes.who}>
        <h2 className={`p-truncate ${classes.name}`}>
          <bdi title={nameOf(conversation.contact)}>{nameOf(conversation.contact)}</bdi>
        </h2>
        <div className={classes.where}>
          <ChannelGlyph channel={conversation.channel} />
          <span className="p-truncate" dir="auto">
            {inbox?.name ?? conversation.channel}
          </span>
          <span className={classes.number}>#{conversation.number}</span>
          <span className={classes.state} data-status={conversation.status} data-testid="conversation-status">
            {t(`status.${conversation.status}`)}
          </span>
        </div>
      </div>
      {canWrite && (
        <div className={classes.tools}>
          <AssignMenu conversation={conversation} actions={actions} {...menu('assign')} />
          {!isClosed && layout !== 'phone' && (
            <SnoozeMenu onSnooze={(until) => void actions.snooze(until)} label={t('inbox.snooze')} {...menu('snooze')} />
          )}
          <TagPicker conversation={conversation} actions={actions} {...menu('tags')}>
            <MoreMenu
              conversation={conversation}
              actions={actions}
              onMarkUnread={markUnread}
              onTags={() => setOpenMenu('tags')}
            />
          </TagPicker>
          {isClosed ? (
            <Button
              variant="default"
              leftSection={<IconRotate size={17} stroke={1.7} aria-hidden />}
              onClick={() => void actions.reopen()}
            >
              {t('inbox.reopen')}
            </Button>
          ) : (
            <Button.Group>
              <Button
                variant="default"
                className={classes.close ?? ''}
                aria-label={t('inbox.close')}
                leftSection={<IconCheck size={17} stroke={2} aria-hidden />}
                onClick={() => void actions.close()}
              >
                {t('inbox.close')}
              </Button>
              {layout !== 'phone' && (
                <Menu>
                  <Menu.Target>
                    <Button variant="default" px={6} aria-label={t('inbox.closeMore')}>
                      <IconChevronDown size={16} stroke={1.8} />
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={() => void closeAndNext()}>{t('inbox.closeNext')}</Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              )}
            </Button.Group>
          )}
        </div>
      )}
      <Tooltip label={t('details.toggle')}>
        <ActionIcon aria-label={t('details.toggle')} aria-pressed={detailsAreShown} onClick={onDetails}>
          <IconLayoutSidebarRight size={19} stroke={1.7} className={classes.flip} />
        </ActionIcon>
      </Tooltip>
      </div>
    </header>
  );
}
