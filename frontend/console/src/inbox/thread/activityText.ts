/** A recorded fact as a sentence. */

import type { TFunction } from 'i18next';
import type { Activity } from '@parley/kit/api';
import { fullTime } from '@parley/kit/format';
import { nameOf } from '../../app/words';

const asText = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;

/** Finds a name in the data, by whichever of the names it is kept under. */
function find(data: Record<string, unknown>, ...names: string[]): string | null {
  for (const name of names) {
    const value = data[name];
    const text = asText(value) ?? asText((value as { name?: unknown } | null | undefined)?.name);
    if (text) return text;
  }
  return null;
}

export function activityText(activity: Activity, t: TFunction, locale: string): string {
  const { verb, data, author } = activity;
  const who = author.type === 'system' ? t('activity.parley') : nameOf(author);
  switch (verb) {
    case 'assigned': {
      const member = find(data, 'member_name', 'assignee_name', 'member', 'assignee', 'to', 'name') ?? t('activity.someone');
      const id = asText(data.member_id) ?? asText(data.assignee_id);
      return id !== null && id === author.id ? t('activity.took', { who }) : t('activity.assigned', { who, member });
    }
    case 'unassigned':
      return t('activity.unassigned', { who });
    case 'team_set': {
      const team = find(data, 'team_name', 'team', 'name');
      return team ? t('activity.teamSet', { who, team }) : t('activity.teamCleared', { who });
    }
    case 'snoozed': {
      const until = find(data, 'until', 'snoozed_until');
      return until ? t('activity.snoozed', { who, time: fullTime(until, locale) }) : t('activity.snoozedPlain', { who });
    }
    case 'priority_set': {
      const level = find(data, 'priority', 'to') as 'none' | 'low' | 'high' | 'urgent' | null;
      return t('activity.prioritySet', { who, priority: level ? t(`priority.${level}`) : '' });
    }
    case 'tags_set': {
      const tags: unknown = data.tag_names ?? data.tags;
      const names = Array.isArray(tags) ? (tags as unknown[]).flatMap((tag) => find({ tag }, 'tag') ?? []) : [];
      return names.length > 0
        ? t('activity.tagsSet', { who, tags: new Intl.ListFormat(locale).format(names) })
        : t('activity.tagsChanged', { who });
    }
    case 'number_changed': {
      const [from, to] = [find(data, 'from', 'old'), find(data, 'to', 'new')];
      return from && to ? t('activity.numberChanged', { from, to }) : t('activity.numberChangedPlain');
    }
    case 'closed':
      return t('activity.closed', { who });
    case 'reopened':
      return t('activity.reopened', { who });
    case 'woke':
      return t('activity.woke');
    case 'created':
      return t('activity.created');
  }
}
