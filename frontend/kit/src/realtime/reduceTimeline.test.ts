import { describe, expect, it } from 'vitest';
import type { TimelineItem } from '../api';
import { FrameLog } from './frameLog';
import { flatten, type Pages } from './reduceList';
import { compareItems, placeItem, removeItem } from './reduceTimeline';
import { conversation, conversationFrame, itemFrame, message, paged } from './testData';

const ids = (data: Pages<TimelineItem>) => flatten(data).map((item) => item.id);

describe('a timeline frame', () => {
  const items: TimelineItem[] = [message('c', 3), message('b', 2), message('a', 1)];

  it('puts a new message first and a late one where its time says', () => {
    expect(ids(placeItem(paged(items, 2), message('d', 4)))).toEqual(['d', 'c', 'b', 'a']);
    expect(ids(placeItem(paged([message('c', 3), message('a', 1)], 2), message('b', 2)))).toEqual(['c', 'b', 'a']);
  });

  it('replaces the message it is about', () => {
    const read = message('b', 2, { delivery: { state: 'read', reason: null, at: '2026-01-05T09:05:00Z' } });
    const data = placeItem(paged(items, 2), read);
    expect(ids(data)).toEqual(['c', 'b', 'a']);
    expect(flatten(data)[1]).toEqual(read);
  });

  it('ends in the same state in any order, doubled or not', () => {
    const shuffled = [message('a', 1), message('c', 3), message('b', 2), message('c', 3), message('a', 1)];
    const data = shuffled.reduce<Pages<TimelineItem>>(placeItem, paged<TimelineItem>([], 2));
    expect(flatten(data)).toEqual([...items].sort(compareItems));
  });

  it('removes what is gone', () => {
    expect(ids(removeItem(paged(items, 2), 'b'))).toEqual(['c', 'a']);
  });

  it('leaves what is older than the loaded pages to the next page', () => {
    expect(ids(placeItem(paged(items, 3, true), message('z', 0)))).toEqual(['c', 'b', 'a']);
  });
});

describe('the log of frames', () => {
  it('refuses a frame that is older than what is known about the same thing', () => {
    const log = new FrameLog();
    expect(log.add(conversationFrame(6, conversation('a', 1)))).toBe(true);
    expect(log.add(conversationFrame(5, conversation('a', 0)))).toBe(false);
    expect(log.add(conversationFrame(6, conversation('a', 1)))).toBe(false);
    expect(log.add(conversationFrame(5, conversation('b', 0)))).toBe(true);
  });

  it('gives back what came after a mark, so that an older answer cannot undo it', () => {
    const log = new FrameLog();
    log.add(itemFrame(1, message('m', 1)));
    const mark = log.mark();
    const sent = message('m', 1, { delivery: { state: 'sent', reason: null, at: '2026-01-05T09:05:00Z' } });
    log.add(itemFrame(2, sent));
    const answer = message('m', 1, { delivery: { state: 'queued', reason: null, at: '2026-01-05T09:04:00Z' } });
    let data = placeItem(paged<TimelineItem>([], 9), answer);
    for (const frame of log.since(mark)) data = placeItem(data, frame.object as TimelineItem);
    expect(flatten(data)).toEqual([sent]);
  });

  it('keeps marks right when it forgets old frames', () => {
    const log = new FrameLog();
    for (let seq = 1; seq <= 700; seq++) log.add(conversationFrame(seq, conversation(`c${seq}`, 1)));
    const mark = log.mark();
    log.add(conversationFrame(701, conversation('late', 1)));
    expect(log.since(mark).map((frame) => frame.seq)).toEqual([701]);
  });
});
