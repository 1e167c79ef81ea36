import { expect, it } from 'vitest';
import { expectedText } from '#tests/model-server/text.ts';
import { atBothSizes } from './stage.ts';

const quick = (seed: number) => `[[${JSON.stringify({ tokens: 30, seed })}]] Quickly, please.`;

atBothSizes('a chat', (stage) => {
  it('answers, and shows the same after a reload', async () => {
    const chat = await stage.guest();
    await chat.send(quick(1));
    const shown = await chat.answered();
    const [answer] = await chat.stored();
    expect(answer?.text).toBe(expectedText({ seed: 1, tokens: 30 }));
    expect(await chat.answered()).toBe(shown);
    expect(chat.complaints).toEqual([]);
  });

  it('goes on with an answer after a reload, to the character', async () => {
    const answer = stage.place.answers.hold();
    const chat = await stage.guest();
    await chat.sendHeld(answer);
    await chat.page.reload();
    await chat.showsBeginning(answer.beginning);
    answer.goOn();
    await chat.expectWhole(answer);
  });

  it('stays where the reader is while an answer grows, and goes to the end when asked', async () => {
    const answer = stage.place.answers.hold({ tokens: 400, after: 250 });
    const chat = await stage.guest();
    await chat.page.setViewportSize({ width: 800, height: 400 });
    await chat.sendHeld(answer);
    await chat.page.mouse.move(500, 200);
    await chat.page.mouse.wheel(0, -2_000);
    await chat.button('To the end').waitFor();
    const top = (status: string) => chat.answers(status).first().boundingBox();
    const before = await top('running');
    answer.goOn();
    await chat.answered();
    expect((await top('complete'))?.y).toBe(before?.y);
    await chat.button('To the end').click();
    await chat.button('To the end').waitFor({ state: 'detached' });
  });

  it('keeps the end in sight where a longer draft or a keyboard leaves it less room', async () => {
    const answer = stage.place.answers.hold({ tokens: 400, after: 250 });
    const chat = await stage.guest();
    await chat.page.setViewportSize({ width: 800, height: 500 });
    await chat.sendHeld(answer);
    const isAtEnd = () =>
      expect
        .poll(() =>
          chat.page.evaluate(`(() => {
            const list = document.querySelector('main [data-scrolls]');
            return list.scrollHeight - list.scrollTop - list.clientHeight;
          })()`),
        )
        .toBeLessThan(48);
    await chat.composer.fill('A line\n'.repeat(6));
    await isAtEnd();
    await chat.page.setViewportSize({ width: 800, height: 380 });
    await isAtEnd();
    answer.goOn();
    await chat.answered();
    await isAtEnd();
    expect(await chat.button('To the end').count()).toBe(0);
  });

  it('stops an answer and keeps what there is of it', async () => {
    const answer = stage.place.answers.hold();
    const chat = await stage.guest();
    await chat.sendHeld(answer);
    await chat.button('Stop').click();
    const shown = await chat.answered('stopped');
    expect(shown).toContain('Stopped');
    const [stored] = await chat.stored();
    expect(stored?.status).toBe('stopped');
    expect(stored?.text).toBe(answer.beginning);
  });

  it('says why an answer failed, with its trace ID to copy, and makes another one when asked', async () => {
    await stage.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const chat = await stage.guest();
    await chat.send('[[{"tokens":20,"seed":8,"fault":"401","times":1}]] Fail once.');
    const failed = await chat.answered('failed');
    expect(failed).toMatch(/key/);
    const copies = chat.button('Copy trace ID');
    const [id] = /[0-9a-f]{32}$/.exec((await copies.getAttribute('aria-label')) ?? '') ?? [];
    expect(id).toBeDefined();
    await copies.click();
    await chat.button('Trace ID copied').waitFor();
    expect(await chat.page.evaluate('navigator.clipboard.readText()')).toBe(id);
    await chat.button('Retry').click();
    await chat.answered('complete');
    expect(await chat.answers('failed').count()).toBe(0);
  });

  it('copies an answer as it was written', async () => {
    await stage.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const chat = await stage.guest();
    await chat.send(quick(13));
    await chat.answered();
    await chat.answers('complete').hover();
    await chat.button('Copy answer').click();
    await chat.button('Copied').waitFor();
    expect(await chat.page.evaluate('navigator.clipboard.readText()')).toBe(expectedText({ seed: 13, tokens: 30 }));
  });

  it('keeps the history: lists, renames, filters and deletes conversations', async () => {
    const chat = await stage.guest();
    await chat.send(quick(9));
    await chat.answered();
    await chat.page.reload();
    await chat.conversations.first().waitFor();
    await chat.rename('Lamps of Persia');
    await chat.page.getByRole('searchbox', { name: 'Filter conversations' }).fill('no such words');
    await chat.page.getByText('No title has these words.').waitFor();
    await chat.page.getByRole('searchbox', { name: 'Filter conversations' }).fill('pers');
    await chat.delete('Lamps of Persia');
    expect(new URL(chat.page.url()).pathname).toBe('/');
  });

  it('finds a conversation by its new title, also where that is kept only after it was looked for', async () => {
    const chat = await stage.guest();
    await chat.send(quick(11));
    await chat.answered();
    const lookedFor = Promise.withResolvers<void>();
    await chat.page.route('**/api/conversations/*', async (route) => {
      if (route.request().method() === 'PATCH') await lookedFor.promise;
      await route.continue();
    });
    await chat.rename('Lamps of Persia');
    await chat.page.getByRole('searchbox', { name: 'Filter conversations' }).fill('pers');
    await chat.page.getByText('No title has these words.').waitFor();
    lookedFor.resolve();
    await chat.conversation('Lamps of Persia').waitFor();
  });

  it('says that a session of a guest has ended, and keeps the draft', async () => {
    const chat = await stage.guest();
    await chat.send(quick(10));
    await chat.answered();
    const request = chat.page.waitForRequest((sent) => sent.url().endsWith('/api/auth/ticket'));
    await chat.page.reload();
    const authorization = (await (await request).headerValue('authorization')) ?? '';
    await chat.composer.fill('A thought that I do not want to lose');
    const ended = await chat.page.request.post(`${stage.place.url}/api/auth/logout`, { headers: { authorization } });
    expect(ended.status()).toBe(204);
    await chat.page.getByRole('textbox', { name: 'Your name' }).waitFor();
    await chat.start('Ada');
    expect(await chat.composer.inputValue()).toBe('A thought that I do not want to lose');
  });
});
