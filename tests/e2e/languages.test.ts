import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { directive } from '#tests/model-server/directive.ts';
import type { ChatPage } from './chat-page.ts';
import { overflowOf } from './layout.ts';
import { clientOf } from './people.ts';
import { inOneProcess } from './stage.ts';

/** What each language says for 'Start', and for 'Message' over the composer's box. */
const words = [
  { code: 'en', name: 'English', start: 'Start', write: 'Write a message', direction: 'ltr' },
  { code: 'de', name: 'Deutsch', start: 'Loslegen', write: 'Schreib eine Nachricht', direction: 'ltr' },
  { code: 'es', name: 'Español', start: 'Empezar', write: 'Escribe un mensaje', direction: 'ltr' },
  { code: 'ar', name: 'العربية', start: 'ابدأ', write: 'اكتب رسالة', direction: 'rtl' },
] as const;

const rootOf = ({ page }: ChatPage) =>
  page.evaluate('({ lang: document.documentElement.lang, dir: document.documentElement.dir })');

/** The names of the type that draws an element's text. */
async function typeWithin(page: Page, selector: string): Promise<readonly string[]> {
  await page.evaluate('document.fonts.ready');
  const devTools = await page.context().newCDPSession(page);
  try {
    await devTools.send('DOM.enable');
    await devTools.send('CSS.enable');
    const { root } = await devTools.send('DOM.getDocument');
    const { nodeId } = await devTools.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    const { fonts } = await devTools.send('CSS.getPlatformFontsForNode', { nodeId });
    return fonts.map(({ familyName }) => familyName);
  } finally {
    await devTools.detach();
  }
}

inOneProcess('the language of the page', (stage) => {
  it.each(words)('$name is chosen at the door and goes through to the chat, over a reload', async (language) => {
    const chat = await stage.open();
    await chat.page.getByRole('button', { name: language.name, exact: true }).click();
    await chat.page.locator('form input').first().fill('Ada');
    await chat.button(language.start).click();
    await chat.page.getByPlaceholder(language.write).waitFor();
    await chat.page.reload();
    await chat.page.getByPlaceholder(language.write).waitFor();
    expect(await rootOf(chat)).toEqual({ lang: language.code, dir: language.direction });
    expect(await overflowOf(chat.page)).toBe(0);
  });

  it('from right to left has the sidebar at the right and the message at its start', async () => {
    const chat = await stage.open();
    await chat.page.getByRole('button', { name: 'العربية' }).click();
    await chat.page.locator('form input').first().fill('Ada');
    await chat.button('ابدأ').click();
    const message = chat.page.getByPlaceholder('اكتب رسالة');
    await message.fill('مرحبا');
    await message.press('Enter');
    await chat.answered();
    const side = await chat.page.locator('aside').boundingBox();
    expect(side && side.x + side.width).toBe(1280);
    const mine = await chat.mine('complete').locator('div').first().boundingBox();
    const answer = await chat.answers('complete').boundingBox();
    expect(mine?.x).toBeCloseTo(answer?.x ?? -1, 0);
  });

  it('draws Arabic letters with Arabic type, and not the marks and pictures of every text', async () => {
    const chat = await stage.open();
    await chat.start('Ada');
    const typeOf = async (answer: number) => {
      await chat.answeredAs(answer);
      return typeWithin(chat.page, `article[aria-posinset="${2 * answer}"] .answer-text p`);
    };
    await chat.send(directive({ fault: 'say', say: '→ ✓ ≤ α ½ non‑breaking 🐈 🌙' }));
    expect(await typeOf(1)).not.toContain('Noto Sans Arabic');
    await chat.send(directive({ fault: 'say', say: 'مرحبا' }));
    await expect.poll(() => typeOf(2)).toContain('Noto Sans Arabic');
  });

  it('is that of the account, wherever somebody signs in', async () => {
    const person = await stage.newAccount();
    const client = await clientOf(stage.place, person);
    expect((await client.call('PATCH', '/api/me', { language: 'es' })).status).toBe(200);
    const chat = await stage.open('/sign-in');
    await chat.fillSignIn(person.email, person.password);
    await chat.page.getByPlaceholder('Escribe un mensaje').waitFor();
    expect(await rootOf(chat)).toEqual({ lang: 'es', dir: 'ltr' });
  });
});
