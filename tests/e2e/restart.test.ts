import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { expectedText } from '#tests/model-server/text.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { ChatPage, launchBrowser } from './chat-page.ts';

const chromium = inject('chromium');

describe.skipIf(!chromium)('an answer under way while Lamplight, in one process, is ended', () => {
  let model: ModelServer;
  let lamplight: LamplightProcess;

  beforeAll(async () => {
    model = await startModelServer();
    const env = { OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted', SHUTDOWN_GRACE_SECONDS: '0' };
    lamplight = await startStandalone({ env });
  });
  afterAll(async () => {
    await lamplight?.stop();
    await model?.close();
  });

  it.each(['kill', 'stop'] as const)('is made to its end after a %s and a start', async (how) => {
    const seed = how === 'kill' ? 21 : 22;
    const browser = await launchBrowser(chromium ?? '');
    try {
      const chat = await ChatPage.open(await browser.newContext(), lamplight.url);
      await chat.start('Ada');
      await chat.send(`[[{"tokens":120,"tokensPerSecond":40,"seed":${seed}}]] Slowly, please.`);
      await chat.showsAtLeast(100);
      await lamplight[how]();
      await lamplight.start();
      const shown = await chat.answered();
      const [answer] = await chat.stored();
      expect(answer?.text).toBe(expectedText({ seed, tokens: 120 }));
      expect(await chat.answered()).toBe(shown);
    } finally {
      await browser.close();
    }
  });
});
