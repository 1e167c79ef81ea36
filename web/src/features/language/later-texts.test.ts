import i18next from 'i18next';
import { expect, test } from 'vitest';
import { laterNamespaces } from './later-namespaces.ts';
import { readLaterTexts } from './start-language.ts';

test('the texts of the places beside the chat are read before one of them is shown', async () => {
  for (const namespace of laterNamespaces) i18next.removeResourceBundle('en', namespace);
  await readLaterTexts();
  expect(laterNamespaces.filter((namespace) => !i18next.hasResourceBundle('en', namespace))).toEqual([]);
});
