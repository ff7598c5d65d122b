import { describe, expect, it } from 'vitest';
import { findTags } from './tags';

const tags = ['Order', 'Complaint'].map((name) => ({ id: name, name, color: 'gray' }));
const names = (words: string, canCreate = true) => {
  const { found, newName } = findTags(tags, words, canCreate);
  return [found.map((tag) => tag.name), newName];
};

describe('finding tags', () => {
  it('shows all of them before anything is typed, and offers none to be made', () => {
    expect(names(' ')).toEqual([['Complaint', 'Order'], null]);
  });

  it('offers a new one beside those that merely contain the words', () => {
    expect(names(' ord ')).toEqual([['Order'], 'ord']);
  });

  it('makes none that is there in other letters, and none for those who may not', () => {
    expect(names('order')).toEqual([['Order'], null]);
    expect(names('Refund', false)).toEqual([[], null]);
  });
});
