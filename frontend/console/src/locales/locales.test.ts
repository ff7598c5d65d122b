import { describe, expect, it } from 'vitest';
import ar from './ar.json';
import de from './de.json';
import en from './en.json';

type Words = { [key: string]: string | Words };

const flat = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  );

const PLURAL = /_(zero|one|two|few|many|other)$/;
const names = (words: Words) => new Set(flat(words).map(([key]) => key.replace(PLURAL, '')));
const holes = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort();
const languages: [string, Words][] = [
  ['de', de],
  ['ar', ar],
];

describe.each(languages)('the words in %s', (language, words) => {
  it('are there for every key of English, and for no other', () => {
    expect([...names(words)].sort()).toEqual([...names(en)].sort());
  });

  it('have every plural form that the language has', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const plurals = flat(words).filter(([key]) => PLURAL.test(key));
    for (const stem of new Set(plurals.map(([key]) => key.replace(PLURAL, '')))) {
      const found = plurals.filter(([key]) => key.replace(PLURAL, '') === stem).map(([key]) => key.slice(stem.length + 1));
      expect([stem, ...found.sort()]).toEqual([stem, ...[...forms].sort()]);
    }
  });

  it('leave the same holes for values', () => {
    const english = new Map(flat(en).map(([key, text]) => [key.replace(PLURAL, ''), holes(text)]));
    for (const [key, text] of flat(words)) {
      // A plural form may say its number in a word.
      if (PLURAL.test(key)) continue;
      expect([key, holes(text)]).toEqual([key, english.get(key)]);
    }
  });
});
