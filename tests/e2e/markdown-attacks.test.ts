import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { attacks } from '../../web/src/features/chat/messages/markdown/attacks.fixture.ts';
import { ChatPage } from './chat-page.ts';
import { launchBrowser } from './launch-browser.ts';

const chromium = inject('chromium');
/** So many in one conversation; each begins in a page of its own. */
const groupSize = 14;
const groups = Array.from({ length: Math.ceil(attacks.length / groupSize) }, (_, index) =>
  attacks.slice(index * groupSize, (index + 1) * groupSize),
);

describe.skipIf(!chromium)('Markdown that means harm, in a browser', () => {
  let model: ModelServer;
  let lamplight: LamplightProcess;
  let browser: Browser;

  beforeAll(async () => {
    model = await startModelServer({ texts: new Map(attacks.map(({ name, text }) => [name, text])) });
    const env = { OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted' };
    const dataDir = await mkdtemp(join(tmpdir(), 'lamplight-attacks-'));
    [lamplight, browser] = await Promise.all([startStandalone({ env, dataDir }), launchBrowser(chromium ?? '')]);
  });
  afterAll(async () => {
    await browser?.close();
    await lamplight?.stop();
    await model?.close();
  });

  it.each(groups.map((group, index) => [index + 1, group] as const))(
    'runs no script, asks no other host and leaves the page usable: group %i',
    async (_, group) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const elsewhere: string[] = [];
      context.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (/^(https?|wss?):$/.test(protocol) && origin !== lamplight.url) elsewhere.push(request.url());
      });
      const chat = await ChatPage.open(context, lamplight.url);
      let dialogs = 0;
      chat.page.on('dialog', (dialog) => {
        dialogs += 1;
        void dialog.dismiss();
      });
      await chat.start('Ada');
      const isUnharmed = async () => {
        expect(await chat.page.title()).not.toContain('pwned');
        expect({ elsewhere, dialogs, complaints: chat.complaints }).toEqual({
          elsewhere: [],
          dialogs: 0,
          complaints: [],
        });
      };
      for (const [index, { name }] of group.entries()) {
        await chat.send(directive({ text: name }));
        // The first message leads to the conversation that it begins.
        await chat.page.waitForURL(/\/c\//);
        await chat.answeredAs(index + 1);
        await isUnharmed();
      }
      await chat.page.reload();
      await chat.answered();
      // On paper all answers are drawn, on the screen only those near what is seen.
      await chat.page.evaluate("dispatchEvent(new Event('beforeprint'))");
      const drawn = chat.page.locator('article[data-role="assistant"]:has(.answer-text > *)');
      await expect.poll(() => drawn.count()).toBe(group.length);
      await isUnharmed();
      await chat.page.evaluate("dispatchEvent(new Event('afterprint'))");
      await chat.composer.fill('Still here.');
      expect(await chat.composer.inputValue()).toBe('Still here.');
      await isUnharmed();
      await context.close();
    },
    300_000,
  );
});
