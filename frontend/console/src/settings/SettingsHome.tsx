import { Navigate } from '@tanstack/react-router';
import { useLayout } from '../app/layout';

/** Beside the navigation there is no empty room: the first one opens. */
export function SettingsHome() {
  return useLayout() === 'phone' ? null : <Navigate to="/settings/profile" replace />;
}
