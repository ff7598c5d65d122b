import { useTranslation } from 'react-i18next';
import type { Inbox } from '@parley/kit/api';
import classes from './HealthDot.module.css';

/** Green when the channel works, amber when somebody should look, red when it is cut off. */
export function HealthDot({ state }: { state: Inbox['state'] }) {
  const { t } = useTranslation();
  return (
    <span className={classes.frame}>
      <span className={classes.dot} data-state={state} role="img" aria-label={t(`channels.state.${state}`)} />
    </span>
  );
}
