import type { Browser, Page } from 'playwright-core';
import type { Email } from 'postal-mime';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { me, tokenResponse } from '#contract/accounts.ts';
import { schedule } from '#contract/schedules.ts';
import { type Story, storyPage } from '#contract/stories.ts';
import { openStoryRecords } from '#domain/stories/story-records.ts';
import { openBlobs } from '#platform/blobs/open-blobs.ts';
import { systemClock } from '#platform/clock.ts';
import { type MailServer, startMailServer } from '#platform/mail/mail-server.fixture.ts';
import { openStore } from '#platform/store/open-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { launchBrowser } from '#tests/e2e/launch-browser.ts';
import { admin } from '#tests/e2e/people.ts';
import { type Place, places } from '#tests/e2e/places.ts';
import { waitFor } from '#tests/servers/child.ts';
import { TestClient } from '#tests/servers/test-client.ts';

const chromium = inject('chromium');
const speaks = inject('programs')['espeak-ng'];
const minute = 60_000;
/** A schedule's times are whole minutes: this long until the next one, and then for all that follows. */
const tonightMs = 3 * minute;

/** The next whole minute that a schedule can still be set for, as UTC's clocks show it. */
const nextMinute = (): string =>
  new Date(Math.ceil((Date.now() + 5_000) / minute) * minute).toISOString().slice(11, 16);

async function blobsOf({ storage }: Place, { id }: Story): Promise<string[]> {
  const blobs = await openBlobs(storage, { clock: systemClock, logger: collectingLogger().logger });
  try {
    const all = await blobs.list({ writtenBefore: Date.now() + minute, limit: 100 });
    return all.map((blob) => blob.id).filter((blobId) => blobId.startsWith(id));
  } finally {
    await blobs.close();
  }
}

describe.each(places)('an evening, with Lamplight $name', ({ missing, start }) => {
  const lacking = missing ?? (speaks ? undefined : 'needs espeak-ng');
  describe.skipIf(lacking !== undefined || !chromium)(`${lacking ?? 'from the clock to the morning after'}`, () => {
    let mails: MailServer;
    let place: Place;
    let browser: Browser;
    let parent: TestClient;

    beforeAll(async () => {
      mails = await startMailServer();
      const smtp = { SMTP_URL: `smtp://127.0.0.1:${mails.port}`, MAIL_FROM: 'Lamplight <lamplight@lamplight.test>' };
      // Without a provider: the demo model tells, espeak-ng reads, we draw.
      const ourselves = { OPENAI_BASE_URL: '', OPENAI_MODEL: '', SPEECH: 'espeak' };
      [place, browser] = await Promise.all([start({ ...smtp, ...ourselves }), launchBrowser(chromium ?? '')]);
      const form = new URLSearchParams({ username: admin.email, password: admin.password, refresh: 'body' });
      const grant = await fetch(`${place.url}/api/auth/token`, { method: 'POST', body: form });
      parent = new TestClient(place.url, tokenResponse.parse(await grant.json()).access_token);
    });
    afterAll(async () => {
      await browser?.close();
      await place?.stop();
      await mails?.close();
    });

    const tonights = async (): Promise<Story[]> => (await parent.call('GET', '/api/stories')).as(storyPage).items;
    const open = (url: string) => fetch(new URL(url, place.url));
    const openPage = async (url: string): Promise<Page> => {
      const page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
      await page.goto(url);
      return page;
    };
    let email: Email;
    let story: Story;
    let link: string;

    it('begins when the schedule is due, and ends with a mail', { timeout: tonightMs + minute }, async () => {
      const made = await parent.call('POST', '/api/schedules', {
        name: 'Mila',
        timing: { kind: 'days', days: [1, 2, 3, 4, 5, 6, 7], time: nextMinute() },
        timeZone: 'UTC',
        settings: { readerName: 'Mila', minutes: 3, language: 'en' },
        idea: 'A fox who finds a lantern',
      });
      const { nextAt } = made.as(schedule);
      expect(Date.parse(nextAt ?? '') - Date.now()).toBeLessThan(2 * minute);
      email = await waitFor(() => mails.received[0], { what: 'the mail', timeoutMs: tonightMs, everyMs: 100 });
      expect(mails.recipients).toEqual([[admin.email]]);
      const all = await tonights();
      expect(all).toHaveLength(1);
      const [{ title = '', id, scheduleId } = { id: '' }] = all;
      expect(scheduleId).toBe(made.as(schedule).id);
      expect(email.subject).toMatch(/^(Tonight|Today)’s story for Mila: /);
      expect(email.subject?.endsWith(title)).toBe(true);
      expect(email.messageId).toBe(`<story-${id}@lamplight.test>`);
      const [picture, ...others] = email.attachments;
      expect([picture?.mimeType, picture?.related, others]).toEqual(['image/png', true, []]);
      link = /https?:\/\/\S+\/story#token=\S+/.exec(email.text ?? '')?.[0] ?? '';
      expect(email.html).toContain(`href="${link}"`);
      story = await waitFor(
        async () =>
          (await tonights()).find(({ narration, mail }) => narration.state === 'ready' && mail.state === 'ready'),
        { what: 'the voice', timeoutMs: minute },
      );
      expect(story).toMatchObject({ status: 'ready', picture: { state: 'ready' }, moderation: 'none', shared: true });
      expect(story.narration.cues?.length).toBeGreaterThan(story.parts.length);
    });

    it('is read, seen and heard by whoever has the link, signed out', async () => {
      const page = await openPage(link);
      await page.getByRole('heading', { name: story.title ?? '', level: 1 }).waitFor();
      const cover = page.getByRole('img', { name: story.picture.alt ?? '' });
      await expect
        .poll(() => cover.evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth))
        .toBeGreaterThan(300);
      await page.getByRole('button', { name: 'Listen' }).click();
      const at = () =>
        page.locator('audio').evaluate((audio: unknown) => (audio as { currentTime: number }).currentTime);
      await expect.poll(at, { timeout: 15_000 }).toBeGreaterThan(1);
      expect(await page.locator('meta[name=robots]').getAttribute('content')).toContain('noindex');
      await page.context().close();
    });

    it('sends no more mails after one click in one', async () => {
      const header = email.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '';
      const url = header.replace(/^<|>$/g, '');
      const asked = await openPage(url);
      await asked.getByRole('button', { name: 'Stop the mails' }).waitFor();
      expect((await parent.call('GET', '/api/me')).as(me).storyMails).toBe(true);
      await asked.context().close();
      const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
      expect((await fetch(url, { method: 'POST', body })).status).toBe(204);
      expect((await parent.call('GET', '/api/me')).as(me).storyMails).toBe(false);
    });

    it('is gone, with its voice and its picture, when its time is over', { timeout: 2 * minute }, async () => {
      const media = [story.picture.url ?? '', story.narration.url ?? ''];
      for (const url of media) expect((await open(url)).status).toBe(200);
      expect(await blobsOf(place, story)).toHaveLength(2);
      await place.behind(async () => {
        const store = await openStore(place.storage, { logger: collectingLogger().logger });
        await openStoryRecords(store).stories.update(story.id, { set: { expiresAt: Date.now() } });
        await store.close();
      });
      for (const url of media)
        await waitFor(async () => (await open(url)).status === 404, {
          what: 'its media to be gone',
          timeoutMs: minute,
        });
      await waitFor(async () => (await blobsOf(place, story)).length === 0, {
        what: 'the sweep',
        timeoutMs: minute,
        everyMs: 250,
      });
      expect(await tonights()).toEqual([]);
      const page = await openPage(link);
      await page.getByRole('heading', { name: 'This story has been put away' }).waitFor();
      await page.context().close();
      expect(mails.received).toHaveLength(1);
    });
  });
});
