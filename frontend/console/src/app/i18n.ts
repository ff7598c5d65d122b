/** Languages: which there are, which one is spoken, and how one is loaded. */

import i18n from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { getPreferences, type Language } from './preferences';
import type en from '../locales/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
    returnNull: false;
  }
}

/** Each language by its own name, as people look for it. */
export const languages: Record<Language, { name: string; direction: 'ltr' | 'rtl' }> = {
  en: { name: 'English', direction: 'ltr' },
  de: { name: 'Deutsch', direction: 'ltr' },
  ar: { name: 'العربية', direction: 'rtl' },
};

const loaders: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('../locales/en.json'),
  de: () => import('../locales/de.json'),
  ar: () => import('../locales/ar.json'),
};

export type LanguageName = Language;
export const isLanguage = (value: string): value is Language => value in languages;

/** The wished language, else the first of the browser's that we speak, else English. */
export function chooseLanguage(wished: readonly string[]): Language {
  for (const tag of wished) {
    const base = tag.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(base)) return base;
  }
  return 'en';
}

/** Loads and speaks a language; the page's direction follows. */
export async function speak(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, 'translation')) {
    const words = await loaders[language]();
    i18n.addResourceBundle(language, 'translation', words.default);
  }
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = languages[language].direction;
}

export async function startLanguage(): Promise<void> {
  await i18n.use(initReactI18next).init({
    resources: {},
    fallbackLng: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await speak(getPreferences().language ?? chooseLanguage(navigator.languages));
}

/** The language tag for numbers and dates: the browser's own variety of the spoken language where there is one. */
export function useLocale(): string {
  const { i18n: instance } = useTranslation();
  const language = instance.language;
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? language;
}
