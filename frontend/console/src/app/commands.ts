/** Every command of the console with its keys. Rooms register what a command does while they are on screen. */

import { useEffect, useRef, useSyncExternalStore } from 'react';

export const commandTable = [
  { id: 'list.next', keys: 'j', group: 'list' },
  { id: 'list.previous', keys: 'k', group: 'list' },
  { id: 'list.open', keys: 'enter', group: 'list' },
  { id: 'list.search', keys: '/', group: 'list' },
  { id: 'thread.back', keys: 'escape', group: 'list' },
  { id: 'compose.reply', keys: 'r', group: 'conversation' },
  { id: 'compose.note', keys: 'n', group: 'conversation' },
  { id: 'conversation.assignMe', keys: 'i', group: 'conversation' },
  { id: 'conversation.assign', keys: 'a', group: 'conversation' },
  { id: 'conversation.tags', keys: 'l', group: 'conversation' },
  { id: 'conversation.snooze', keys: 's', group: 'conversation' },
  { id: 'conversation.close', keys: 'e', group: 'conversation' },
  { id: 'conversation.closeNext', keys: 'shift+e', group: 'conversation' },
  { id: 'conversation.unread', keys: 'u', group: 'conversation' },
  { id: 'view.details', keys: 'd', group: 'view' },
  { id: 'view.focus', keys: 'z', group: 'view' },
  { id: 'go.inbox', keys: 'g i', group: 'go' },
  { id: 'go.mine', keys: 'g m', group: 'go' },
  { id: 'go.unassigned', keys: 'g u', group: 'go' },
  { id: 'go.all', keys: 'g a', group: 'go' },
  { id: 'go.settings', keys: 'g s', group: 'go' },
  { id: 'help', keys: '?', group: 'view' },
  { id: 'palette', keys: 'mod+k', group: 'view' },
] as const;

export type CommandId = (typeof commandTable)[number]['id'];
type Handler = () => void;

const handlers = new Map<CommandId, Handler[]>();
const listeners = new Set<Handler>();
let registered: readonly CommandId[] = [];

function changed(): void {
  registered = commandTable.map((command) => command.id).filter((id) => handlers.get(id)?.length);
  for (const listener of listeners) listener();
}

/** Makes a command do something while the caller is mounted; the latest mounted caller wins. */
export function useCommand(id: CommandId, run: Handler, isEnabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!isEnabled) return undefined;
    const handler = () => latest.current();
    handlers.set(id, [...(handlers.get(id) ?? []), handler]);
    changed();
    return () => {
      handlers.set(id, (handlers.get(id) ?? []).filter((each) => each !== handler));
      changed();
    };
  }, [id, isEnabled]);
}

/** Runs a command; false when nothing on screen answers to it. */
export function runCommand(id: CommandId): boolean {
  const handler = handlers.get(id)?.at(-1);
  handler?.();
  return handler !== undefined;
}

const subscribe = (listener: Handler) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The commands that can be run right now. */
export const useRegisteredCommands = (): readonly CommandId[] => useSyncExternalStore(subscribe, () => registered);

export type KeyPress = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean };

/** Names a key press as the table does; null for presses that can be no command. */
export function nameOf(press: KeyPress): string | null {
  if (press.altKey) return null;
  const key = press.key.toLowerCase();
  if (press.ctrlKey || press.metaKey) return `mod+${key}`;
  const isLetter = /^[a-z]$/.test(key);
  return press.shiftKey && isLetter ? `shift+${key}` : key;
}

/** Finds the command of a press, given the first key of a two-key command pressed just before. */
export function findCommand(press: KeyPress, first: string | null): { id: CommandId | null; isFirst: boolean } {
  const name = nameOf(press);
  if (name === null) return { id: null, isFirst: false };
  const keys = first ? `${first} ${name}` : name;
  const command = commandTable.find((each) => each.keys === keys);
  if (command) return { id: command.id, isFirst: false };
  return { id: null, isFirst: first === null && commandTable.some((each) => each.keys.startsWith(`${keys} `)) };
}
