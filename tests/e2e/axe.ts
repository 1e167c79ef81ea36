import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { comeToRest } from './layout.ts';

interface Violation {
  readonly id: string;
  readonly nodes: ReadonlyArray<{ readonly html: string }>;
}

/**
 * What axe finds wrong with a page as it shows now, by rule and element; once what moves has come to rest. `only`: the rules, or
 * kinds of rules; all of them where absent.
 */
export async function axeFindings(page: Page, only?: readonly string[]): Promise<readonly string[]> {
  await comeToRest(page);
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const options = JSON.stringify(only ? { runOnly: only } : {});
  const found = await page.evaluate(`axe.run(document, ${options}).then(({ violations }) => violations)`);
  const violations = found as readonly Violation[];
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** What axe finds wrong with the colours alone, for a page that it has judged in the other theme, which differs in nothing else. */
export const colourFindings = (page: Page): Promise<readonly string[]> => axeFindings(page, ['color-contrast']);

/** What axe finds wrong with a page in either theme. */
export async function findingsInBothThemes(page: Page): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await axeFindings(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  return [...light, ...(await colourFindings(page)).map((finding) => `dark: ${finding}`)];
}
