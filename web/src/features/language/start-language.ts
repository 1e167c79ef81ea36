import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '#contract/accounts.ts';
import { type Catalogue, readCatalogue } from './catalogues.ts';
import { directionOf, languageFor } from './languages.ts';
import { laterNamespaces } from './later-namespaces.ts';

const storageKey = 'lamplight.language';
const isLater = (namespace: string): boolean => laterNamespaces.some((later) => later === namespace);

/** Before anything is shown: reads the first texts of the language that this browser chose or asks for. */
export async function startLanguage(): Promise<void> {
  const language = languageFor(stored(), navigator.languages);
  await initTexts(language, await readCatalogue(language, (namespace) => !isLater(namespace)));
}

/** Before a place beside the chat is shown: reads the texts that are still missing. Throws where they cannot be loaded. */
export async function readLaterTexts(): Promise<void> {
  const { language } = i18next;
  if (laterNamespaces.every((namespace) => i18next.hasResourceBundle(language, namespace))) return;
  addTexts(language, await readCatalogue(language, isLater));
}

/** Makes `i18next` speak one language, whose texts are given. */
export async function initTexts(language: Language, catalogue: Catalogue): Promise<void> {
  i18next.on('languageChanged', showLanguage);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: catalogue },
    defaultNS: 'ui',
    initAsync: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
}

/** Changes the language of the page at once, and of its next visits. Throws where the texts cannot be loaded. */
export async function changeLanguage(language: Language, read = readCatalogue): Promise<void> {
  if (i18next.language !== language) {
    addTexts(language, await read(language));
    await i18next.changeLanguage(language);
  }
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Storage may be refused; the choice then lasts as long as the page.
  }
}

function addTexts(language: string, catalogue: Catalogue): void {
  for (const [namespace, texts] of Object.entries(catalogue)) i18next.addResourceBundle(language, namespace, texts);
}

function showLanguage(language: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
