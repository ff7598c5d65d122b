/** The cache of what the server said. It lives in memory and dies with the tab. */

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isApiError, isTransient } from '@parley/kit/api';
import { keys } from './keys';

/** A session that ended while somebody was at work: the door shows the way to sign in again. */
function noticeEnd(error: unknown) {
  if (isApiError(error) && error.code === 'unauthenticated') queryClient.setQueryData(keys.me, null);
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: {
    queries: {
      // Frames keep data fresh; a query is asked again only when somebody says so.
      staleTime: Infinity,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (failures, error) => failures < 3 && isTransient(error),
    },
    mutations: { retry: false },
  },
});
