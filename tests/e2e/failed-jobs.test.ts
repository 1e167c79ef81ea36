import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { story } from '#contract/stories.ts';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { tellShortStory } from '#tests/model-server/stories.ts';
import { waitFor } from '#tests/servers/child.ts';
import { admin, type LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { heading } from './administration-page.ts';
import { ChatPage } from './chat-page.ts';
import { launchBrowser } from './launch-browser.ts';
import { clientOf } from './people.ts';

const chromium = inject('chromium');
/** Refused once by whoever paints, and painted when it is asked for again. */
const refusedOnce = directive({ fault: 'image-policy', times: 1 });

describe.skipIf(!chromium)('jobs that failed for good, in the administration', () => {
  let model: ModelServer;
  let lamplight: LamplightProcess;
  let browser: Browser;

  beforeAll(async () => {
    model = await startModelServer({
      storyteller: (ordered, call) =>
        JSON.stringify({ ...JSON.parse(tellShortStory(ordered, call)), picturePrompt: `A lamp. ${refusedOnce}` }),
    });
    const env = { OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted', IMAGE_MODEL: 'painter' };
    const dataDir = await mkdtemp(join(tmpdir(), 'lamplight-jobs-'));
    [lamplight, browser] = await Promise.all([startStandalone({ env, dataDir }), launchBrowser(chromium ?? '')]);
  });
  afterAll(async () => {
    await browser?.close();
    await lamplight?.stop();
    await model?.close();
  });

  it('are there with what befell them, and are done when they are tried again', async () => {
    const client = await clientOf(lamplight, admin);
    const { id } = JSON.parse((await client.call('POST', '/api/stories', { idea: 'A lamp that counts stars' })).text);
    const pictureIs = (state: string) =>
      waitFor(async () => (await client.call('GET', `/api/stories/${id}`)).as(story).picture.state === state, {
        what: `a picture that is ${state}`,
        timeoutMs: 30_000,
      });
    await pictureIs('failed');
    const chat = await ChatPage.open(await browser.newContext(), `${lamplight.url}/sign-in`);
    const { page } = chat;
    await chat.fillSignIn(admin.email, admin.password);
    await page.getByRole('link', { name: 'Administration' }).click();
    await page.getByRole('link', { name: 'Failed jobs' }).click();
    await heading(page, 'Failed jobs');
    const jobs = page.getByRole('list', { name: 'Failed jobs' }).getByRole('listitem');
    await jobs.first().waitFor();
    expect(await jobs.count()).toBe(1);
    expect(await jobs.textContent()).toContain('The provider does not paint this.');
    expect(await jobs.textContent()).toContain(`storyId ${id}`);
    await jobs.getByRole('button', { name: /^Try again: / }).click();
    await page.getByText('It is tried again').waitFor();
    await page.getByText('No job has failed for good').waitFor();
    await pictureIs('ready');
    expect(chat.complaints).toEqual([]);
  });
});
