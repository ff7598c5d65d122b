/** Which address shows which room. Rooms that not everybody enters are loaded when somebody does. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { readInboxSearch } from '../inbox/search';
import { InboxPage } from '../inbox/InboxPage';
import { SessionDoor } from '../session/SessionDoor';
import { RoomFailed, RoomLoading, RoomMissing } from './RoomStates';

const root = createRootRoute({ component: Outlet, notFoundComponent: RoomMissing });

const readNext = (search: Record<string, unknown>): { next?: string } => {
  const next = search.next;
  return typeof next === 'string' && /^\/(?!\/)/.test(next) ? { next } : {};
};

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readNext,
  component: lazyRouteComponent(() => import('../session/SignIn'), 'SignIn'),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('../session/SignUp'), 'SignUp'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation/$token',
  component: lazyRouteComponent(() => import('../session/AcceptInvitation'), 'AcceptInvitation'),
});

const door = createRoute({ getParentRoute: () => root, id: 'door', component: SessionDoor });
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how this router redirects
    throw redirect({ to: '/inbox' });
  },
});
const inbox = createRoute({
  getParentRoute: () => door,
  path: '/inbox',
  validateSearch: readInboxSearch,
  component: InboxPage,
});
const thread = createRoute({ getParentRoute: () => inbox, path: '$conversationId' });

const settings = createRoute({
  getParentRoute: () => door,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/SettingsPage'), 'SettingsPage'),
});
const settingsRooms = [
  createRoute({
    getParentRoute: () => settings,
    path: '/',
    component: lazyRouteComponent(() => import('../settings/SettingsHome'), 'SettingsHome'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'profile',
    component: lazyRouteComponent(() => import('../settings/profile/ProfilePage'), 'ProfilePage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'team',
    component: lazyRouteComponent(() => import('../settings/team/TeamPage'), 'TeamPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'channels',
    component: lazyRouteComponent(() => import('../settings/channels/ChannelsPage'), 'ChannelsPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'tokens',
    component: lazyRouteComponent(() => import('../settings/tokens/TokensPage'), 'TokensPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'items',
    component: lazyRouteComponent(() => import('../settings/items/ItemsPage'), 'ItemsPage'),
  }),
] as const;

const routeTree = root.addChildren([
  home,
  signIn,
  signUp,
  invitation,
  door.addChildren([inbox.addChildren([thread]), settings.addChildren(settingsRooms)]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: RoomLoading,
  defaultErrorComponent: RoomFailed,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
