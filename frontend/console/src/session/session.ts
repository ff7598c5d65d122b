/** Who is signed in, and what they may do. */

import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getConfig, getMe, isApiError, type Me } from '@parley/kit/api';
import { keys } from '../app/keys';

/** Null means: nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async (): Promise<Me | null> => {
    try {
      return await getMe();
    } catch (error) {
      if (isApiError(error) && error.status === 401) return null;
      throw error;
    }
  },
});

export const configQuery = queryOptions({ queryKey: keys.config, queryFn: getConfig });

/** The signed-in person; only for rooms behind the session's door. */
export function useMe(): Me {
  const { data } = useSuspenseQuery(meQuery);
  if (!data) throw new Error('nobody is signed in');
  return data;
}

export type Permission =
  | 'conversations.read'
  | 'conversations.write'
  | 'messages.send'
  | 'notes.write'
  | 'members.read'
  | 'members.manage'
  | 'invitations.manage'
  | 'inboxes.read'
  | 'inboxes.manage'
  | 'tokens.manage'
  | 'items.read'
  | 'items.replay'
  | 'contacts.read'
  | 'contacts.write'
  | 'tags.manage'
  | 'teams.manage'
  | 'workspace.manage'
  | 'conversations.delete';

export const useCan = (permission: Permission): boolean => useMe().permissions.includes(permission);

export const useConfig = () => useQuery(configQuery);
