/** How many columns fit. */

import { useSyncExternalStore } from 'react';
import { breakpoints } from '@parley/kit/tokens';

/** wide: four columns · medium: the navigator flies out · narrow: details are a drawer · phone: one pane. */
export type Layout = 'wide' | 'medium' | 'narrow' | 'phone';

function read(): Layout {
  const width = window.innerWidth;
  if (width < breakpoints.phone) return 'phone';
  if (width < breakpoints.narrow) return 'narrow';
  return width < breakpoints.wide ? 'medium' : 'wide';
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

export const useLayout = (): Layout => useSyncExternalStore(subscribe, read);
