import { expect, it } from 'vitest';
import { ChatPage } from './chat-page.ts';
import { atBothSizes } from './stage.ts';

atBothSizes('two tabs', (stage) => {
  /** A tab with an answered conversation, and another one that shows it too. */
  const twoTabs = async (): Promise<readonly [ChatPage, ChatPage]> => {
    const first = await stage.guest();
    await first.send('Tell me about tides');
    await first.answered();
    const second = await ChatPage.open(stage.context, first.page.url());
    await second.answered();
    await second.isConnected();
    // What is done there is done by somebody who sees it: Chromium draws a tab behind another one once a second.
    await first.page.bringToFront();
    return [first, second];
  };

  it('both show an answer under way, from its start and live', async () => {
    const answer = stage.place.answers.hold();
    const first = await stage.guest();
    await first.sendHeld(answer);
    const second = await ChatPage.open(stage.context, first.page.url());
    await second.showsBeginning(answer.beginning);
    answer.goOn();
    const shown = await first.answered();
    expect(await second.answered()).toBe(shown);
  });

  it('show what the other one sends, and its answer as it comes', async () => {
    const answer = stage.place.answers.hold();
    const [first, second] = await twoTabs();
    await first.send(answer.message);
    await second.page.getByText('Slowly, please.').waitFor();
    await second.showsBeginning(answer.beginning);
    answer.goOn();
    await Promise.all([first, second].map((tab) => tab.answeredAs(2)));
  });

  it('stop in either what was begun in one', async () => {
    const answer = stage.place.answers.hold();
    const [first, second] = await twoTabs();
    await first.sendHeld(answer);
    await second.showsBeginning(answer.beginning);
    await second.button('Stop').click();
    await Promise.all([first, second].map((tab) => tab.answered('stopped')));
  });

  it('show a new title at once', async () => {
    const [first, second] = await twoTabs();
    await first.rename('Moon and water');
    await second.conversations.filter({ hasText: 'Moon and water' }).waitFor();
    await second.page.getByRole('heading', { name: 'Moon and water' }).waitFor();
  });

  it('leave a conversation that the other one deleted, and say why', async () => {
    const [first, second] = await twoTabs();
    const title = (await first.conversations.first().textContent()) ?? '';
    await first.delete(title);
    await second.page.getByText('This conversation was deleted in another window.').waitFor();
    await second.page.waitForURL(`${stage.place.url}/`);
    expect(await second.conversations.count()).toBe(0);
  });

  it('end with the session that one of them ends', async () => {
    const [first, second] = await twoTabs();
    await first.button('End session').click();
    await Promise.all([first, second].map((tab) => tab.button('Start').waitFor()));
    await second.page.reload();
    await second.button('Start').waitFor();
  });
});
