import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Activity } from '@parley/kit/api';
import { clockTime, fullTime } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { activityText } from './activityText';
import classes from './MessageList.module.css';

const FOLD_ABOVE = 3;

/** Small centred lines; a crowd of them folds into one. */
export function Activities({ activities }: { activities: Activity[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [isOpen, setIsOpen] = useState(false);
  if (activities.length > FOLD_ABOVE && !isOpen) {
    return (
      <button type="button" className={classes.fold} aria-expanded={false} onClick={() => setIsOpen(true)}>
        {t('thread.changes', { count: activities.length })}
      </button>
    );
  }
  return (
    <div>
      {activities.map((activity) => (
        <p key={activity.id} className={classes.activity} title={fullTime(activity.created_at, locale)} data-testid="activity">
          <span dir="auto">{activityText(activity, t, locale)}</span>
          <time dateTime={activity.created_at}> · {clockTime(activity.created_at, locale)}</time>
        </p>
      ))}
    </div>
  );
}
