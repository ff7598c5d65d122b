import { IconAlertCircle, IconCheck, IconChecks, IconClock, IconQuestionMark, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Delivery, DeliveryState } from '@parley/kit/api';
import { fullTime } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import classes from './MessageList.module.css';

const signs: Record<DeliveryState, Icon> = {
  queued: IconClock,
  sending: IconClock,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  played: IconChecks,
  failed: IconAlertCircle,
  unconfirmed: IconQuestionMark,
};

/** How far a message has come, as a sign with its name. */
export function Ticks({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const Sign = signs[delivery.state];
  const words = t(`delivery.${delivery.state}`);
  const why = delivery.state === 'unconfirmed' ? ` — ${delivery.reason?.message ?? t('delivery.unconfirmedWhy')}` : '';
  return (
    <span
      className={classes.ticks}
      data-state={delivery.state}
      role="img"
      aria-label={words}
      title={`${words}, ${fullTime(delivery.at, locale)}${why}`}
      data-testid="delivery"
    >
      <Sign size={15} stroke={2} aria-hidden />
    </span>
  );
}
