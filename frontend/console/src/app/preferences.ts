/** How this person likes the console on this device. Never content: that stays out of the browser's storage. */

import { useSyncExternalStore } from 'react';

export type Language = 'en' | 'de' | 'ar';
export type Preferences = {
  language: Language | null;
  sendKey: 'enter' | 'mod+enter';
  hasSound: boolean;
  density: 'comfortable' | 'compact';
  listWidth: number;
  showsDetails: boolean;
};

const KEY = 'parley.preferences';
const defaults: Preferences = {
  language: null,
  sendKey: 'enter',
  hasSound: false,
  density: 'comfortable',
  listWidth: 336,
  showsDetails: true,
};

let current = load();
const listeners = new Set<() => void>();

function load(): Preferences {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>) };
  } catch {
    return defaults;
  }
}

export const getPreferences = (): Preferences => current;

export function setPreferences(patch: Partial<Preferences>): void {
  current = { ...current, ...patch };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that stores nothing still gets the preference for this visit.
  }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, getPreferences);
