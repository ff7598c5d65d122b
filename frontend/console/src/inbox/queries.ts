/** What the inbox asks the server. */

import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  getContact,
  getConversation,
  getCounts,
  isApiError,
  listConversations,
  listInboxes,
  listMembers,
  listTags,
  listTeams,
  listTimeline,
  type Conversation,
  type ConversationQuery,
} from '@parley/kit/api';
import type { ListFilter } from '@parley/kit/realtime';
import { keys } from '../app/keys';

const ROWS = 50;

function toQuery({ status, ...rest }: ListFilter, cursor: string | undefined): ConversationQuery {
  return { ...rest, status: status.join(','), limit: ROWS, ...(cursor ? { cursor } : {}) };
}

export const listQuery = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: keys.list(filter),
    queryFn: ({ pageParam }) => listConversations(toQuery(filter, pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const useList = (filter: ListFilter) => useInfiniteQuery(listQuery(filter));

export const useCounts = () => useQuery({ queryKey: keys.counts, queryFn: getCounts });

/** Null means: there is none, or none that this member may see. */
export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: keys.conversation(id),
    queryFn: async (): Promise<Conversation | null> => {
      try {
        return await getConversation(id);
      } catch (error) {
        if (isApiError(error) && error.status === 404) return null;
        throw error;
      }
    },
  });

export const useConversation = (id: string) => useQuery(conversationQuery(id));

export const timelineQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: keys.timeline(id),
    queryFn: ({ pageParam }) => listTimeline(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const useTimeline = (id: string) => useInfiniteQuery(timelineQuery(id));
export const useContact = (id: string) => useQuery({ queryKey: keys.contact(id), queryFn: () => getContact(id) });

/** The contact's other conversations, newest first. */
export const usePrevious = (contactId: string) =>
  useQuery({
    queryKey: keys.previous(contactId),
    queryFn: () => listConversations({ contact: contactId, status: 'open,pending,snoozed,closed', limit: 10 }),
    staleTime: 30_000,
  });

const items = <T>(page: { items: T[] }): T[] => page.items;
export const useInboxes = () => useQuery({ queryKey: keys.inboxes, queryFn: listInboxes, select: items });
export const useMembers = () => useQuery({ queryKey: keys.members, queryFn: listMembers, select: items });
export const useTeams = () => useQuery({ queryKey: keys.teams, queryFn: listTeams, select: items });
export const useTags = () => useQuery({ queryKey: keys.tags, queryFn: listTags, select: items });
