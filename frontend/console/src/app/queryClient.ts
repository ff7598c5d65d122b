/** The cache of what the server said. It lives in memory and dies with the tab. */

import { QueryClient } from '@tanstack/react-query';
import { isTransient } from '@parley/kit/api';

export const queryClient = new QueryClient({
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
