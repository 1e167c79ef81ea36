import { expect, it } from 'vitest';
import type { ChatPage } from './chat-page.ts';
import { inOneProcess } from './stage.ts';

/** Notes what live regions say from now on, as a screen reader would: each text once for each change. */
const listen = ({ page }: ChatPage) =>
  page.evaluate(`
    window.said = [];
    const live = '[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]';
    const note = (node) => {
      const region = (node instanceof Element ? node : node.parentElement)?.closest(live);
      const text = region?.textContent?.trim();
      if (text && said.at(-1) !== text) said.push(text);
    };
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        note(target);
        for (const node of addedNodes) if (node instanceof Element) for (const each of [node, ...node.querySelectorAll(live)]) note(each);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  `);
const said = ({ page }: ChatPage) => page.evaluate('said');

inOneProcess('what a screen reader hears', (stage) => {
  it('is the start and the end of an answer, and not its words', async () => {
    const answer = stage.place.answers.hold();
    const chat = await stage.guest();
    await chat.send('First');
    await chat.answered();
    await listen(chat);
    await chat.sendHeld(answer);
    answer.goOn();
    await chat.answeredAs(2);
    await expect.poll(() => said(chat)).toEqual(['The answer is being written.', 'The answer is complete.']);
  });

  it('is that an answer was stopped', async () => {
    const answer = stage.place.answers.hold();
    const chat = await stage.guest();
    await chat.sendHeld(answer);
    await listen(chat);
    await chat.button('Stop').click();
    await expect.poll(() => said(chat)).toContain('The answer was stopped.');
  });

  it('is that the connection went and came', async () => {
    const chat = await stage.guest();
    await chat.isConnected();
    await listen(chat);
    await stage.context.setOffline(true);
    await chat.isConnected('offline');
    await stage.context.setOffline(false);
    await chat.isConnected();
    const heard = (await said(chat)) as readonly string[];
    expect(heard.some((text) => /offline/i.test(text))).toBe(true);
    expect(heard.at(-1)).toMatch(/connected/i);
  });
});
