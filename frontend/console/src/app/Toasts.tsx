import '@mantine/notifications/styles.css';
import { Notifications } from '@mantine/notifications';

/** Where short news appear. */
export function Toasts() {
  return <Notifications position="bottom-right" limit={4} zIndex={400} />;
}
