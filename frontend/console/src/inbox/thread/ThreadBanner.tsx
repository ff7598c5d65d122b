import { IconBellZ, IconLockOff, IconPlugConnectedX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { fullTime } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { useInboxes } from '../queries';
import classes from './Thread.module.css';

/** One line under the header, for the most important of the things that are out of the ordinary. */
export function ThreadBanner({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const inbox = useInboxes().data?.find((each) => each.id === conversation.inbox_id);
  if (inbox && inbox.state !== 'connected') {
    return (
      <div className={classes.banner} data-kind={inbox.state === 'disconnected' ? 'wrong' : 'soon'}>
        <IconPlugConnectedX size={17} stroke={1.7} aria-hidden />
        <span>{inbox.state_message ?? t('thread.channelBroken', { name: inbox.name })}</span>
        <Link to="/settings/channels">{t('thread.channelRepair')}</Link>
      </div>
    );
  }
  if (conversation.is_restricted) {
    return (
      <div className={classes.banner} data-kind="soon">
        <IconLockOff size={17} stroke={1.7} aria-hidden />
        <span>{t('thread.restricted')}</span>
      </div>
    );
  }
  if (conversation.status === 'snoozed' && conversation.snoozed_until) {
    return (
      <div className={classes.banner}>
        <IconBellZ size={17} stroke={1.7} aria-hidden />
        <span>{t('thread.snoozedUntil', { time: fullTime(conversation.snoozed_until, locale) })}</span>
      </div>
    );
  }
  return null;
}
