import { afterAll, describe, expect, it } from 'vitest';
import type { HeldAnswer } from '#tests/model-server/held-answers.ts';
import type { ChatPage } from './chat-page.ts';
import { comeToStand } from './layout.ts';
import { type Network, startNetwork } from './network.ts';
import { atBothSizes } from './stage.ts';

const lost = 'Reconnecting — nothing is lost';

atBothSizes('offline and back', (stage) => {
  /** Sends two messages of a conversation without a network, and comes back: the first is being answered, the second waits. */
  const writeOffline = async (chat: ChatPage, first: HeldAnswer, second: HeldAnswer) => {
    await chat.send('First');
    await chat.answered();
    await stage.context.setOffline(true);
    await chat.isConnected('offline');
    await chat.send(first.message);
    await chat.send(second.message);
    await expect.poll(() => chat.page.getByText('Sent as soon as you are connected').count()).toBe(2);
    await stage.context.setOffline(false);
    await chat.showsBeginning(first.beginning);
  };

  it('goes on with the answer under way where it stood, to the character', async () => {
    const answer = stage.place.answers.hold();
    const chat = await stage.guest();
    await chat.sendHeld(answer);
    await stage.context.setOffline(true);
    await chat.page.getByText(lost).waitFor();
    await chat.isConnected('offline');
    answer.goOn();
    await stage.context.setOffline(false);
    await chat.expectWhole(answer);
  });

  it('keeps a message that is sent meanwhile, says so, and sends it once', async () => {
    const chat = await stage.guest();
    await stage.context.setOffline(true);
    await chat.isConnected('offline');
    await chat.send('Written in a tunnel');
    await chat.mine('sending').getByText('Sent as soon as you are connected').waitFor();
    await stage.context.setOffline(false);
    await chat.answered();
    expect(await chat.mine('complete').count()).toBe(1);
    await chat.page.reload();
    await chat.answered();
    expect(await chat.mine('complete').allTextContents()).toEqual(['Written in a tunnel']);
  });

  it('sends what was written meanwhile in its order, each when its turn comes', async () => {
    const answers = stage.place.answers;
    const [slow, quick] = [answers.hold({ words: 'The first of two.' }), answers.hold({ words: 'The second of two.' })];
    const chat = await stage.guest();
    await writeOffline(chat, slow, quick);
    quick.goOn();
    slow.goOn();
    await chat.answeredAs(3);
    const stored = (await chat.stored()).filter(({ role }) => role === 'assistant').map(({ text }) => text);
    expect(stored.slice(0, 2)).toEqual([quick.whole, slow.whole]);
  });

  it('leaves the reader in place when a message that waited is taken', async () => {
    const answers = stage.place.answers;
    const [long, next] = [answers.hold({ tokens: 400, after: 250 }), answers.hold({ words: 'The second of two.' })];
    const chat = await stage.guest();
    await chat.page.setViewportSize({ width: 800, height: 400 });
    await writeOffline(chat, long, next);
    await chat.page.mouse.move(500, 150);
    await chat.page.mouse.wheel(0, -4_000);
    await chat.button('To the end').waitFor();
    const top = async () => {
      await comeToStand(chat.page);
      return chat.page.evaluate(`document.querySelector('main [data-scrolls]').scrollTop`);
    };
    const waiting = () =>
      chat.page.evaluate(`Object.keys(localStorage).filter((key) => key.startsWith('lamplight.outbox')).length`);
    const before = await top();
    expect(await waiting()).toBe(1);
    long.goOn();
    await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
    expect(await top()).toBe(before);
    expect(await chat.button('To the end').isVisible()).toBe(true);
    next.goOn();
  });

  it('says at once that what needs the server cannot be done, and why', async () => {
    const chat = await stage.guest();
    await chat.send('Tell me about tides');
    await chat.answered();
    const title = (await chat.conversations.first().textContent()) ?? '';
    await stage.context.setOffline(true);
    await chat.isConnected('offline');
    await chat.askToRename('Another title');
    await chat.page.getByText('The conversation keeps its old title').waitFor();
    await chat.page.getByText('Lamplight cannot be reached').first().waitFor();
    await chat.conversation(title).waitFor();
    await stage.context.setOffline(false);
    await chat.isConnected('connected');
    await chat.rename('Another title');
    await chat.page.getByText('The conversation has its new title').waitFor();
  });

  it('keeps it over a reload, and when its tab is closed', async () => {
    const chat = await stage.guest();
    await chat.send('First');
    await chat.answered();
    await stage.context.route('**/api/auth/ticket', (route) => route.abort());
    await chat.page.reload();
    await chat.answered();
    await chat.send('Written while nothing could be sent');
    await chat.mine('sending').waitFor();
    await chat.page.reload();
    await chat.mine('sending').waitFor();
    const address = chat.page.url();
    await chat.page.close();
    await stage.context.unroute('**/api/auth/ticket');
    const next = await stage.open(address);
    await next.answeredAs(2);
    expect(await next.mine('complete').allTextContents()).toEqual(['First', 'Written while nothing could be sent']);
  });
});

describe('another network', () => {
  let network: Network;
  afterAll(() => network?.close());

  atBothSizes(
    'a connection that breaks',
    (stage) => {
      const guest = async () => {
        network.leadsTo(stage.place.url);
        const chat = await stage.open(network.url);
        await chat.start('Ada');
        return chat;
      };

      it('comes back by itself after a cut, and the answer goes on', async () => {
        const answer = stage.place.answers.hold();
        const chat = await guest();
        await chat.sendHeld(answer);
        network.cut();
        answer.goOn();
        await chat.expectWhole(answer);
      });

      it('is found dead after a sleep, and the answer that was finished meanwhile is whole', async () => {
        const answer = stage.place.answers.hold();
        const chat = await guest();
        await chat.page.clock.install();
        await chat.page.reload();
        await chat.isConnected();
        await chat.sendHeld(answer);
        network.silence();
        answer.goOn();
        // The lid is closed: whatever was due meanwhile is due at once. Then the ping that asks remains without an answer.
        await chat.page.clock.fastForward(3_600_000);
        await chat.page.clock.fastForward(10_000);
        await chat.page.getByText(lost).waitFor();
        network.restore();
        await chat.page.clock.fastForward(30_000);
        await chat.expectWhole(answer);
      });
    },
    {
      before: async () => {
        await network?.close();
        network = await startNetwork();
        return { PUBLIC_URL: network.url };
      },
    },
  );
});
