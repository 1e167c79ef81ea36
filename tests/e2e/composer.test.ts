import { expect, it } from 'vitest';
import { directive } from '#tests/model-server/directive.ts';
import { axeFindings } from './axe.ts';
import { inOneProcess } from './stage.ts';

inOneProcess('writing a message', (stage) => {
  it('keeps a draft for each conversation, over reloads', async () => {
    const chat = await stage.guest();
    await chat.send('Tell me about tides');
    await chat.answered();
    await chat.composer.fill('More of the moon');
    await chat.button('New chat').click();
    await chat.page.getByRole('heading', { level: 1, name: /Ada/ }).waitFor();
    expect(await chat.composer.inputValue()).toBe('');
    await chat.composer.fill('Something else');
    await chat.page.reload();
    await expect.poll(() => chat.composer.inputValue()).toBe('Something else');
    await chat.conversations.first().click();
    await chat.answered();
    await expect.poll(() => chat.composer.inputValue()).toBe('More of the moon');
    await chat.button('Send').click();
    await chat.answeredAs(2);
    await chat.page.reload();
    await chat.answered();
    expect(await chat.composer.inputValue()).toBe('');
  });

  it('takes a saved prompt by a slash, with its gaps filled, by the keyboard alone', async () => {
    const chat = await stage.guest();
    await chat.composer.pressSequentially('/riddles');
    await chat.page.getByRole('option').first().waitFor();
    expect(await axeFindings(chat.page)).toEqual([]);
    await chat.page.keyboard.press('Enter');
    const dialog = chat.page.getByRole('dialog', { name: 'Riddles for the pillow' });
    await dialog.waitFor();
    await chat.page.keyboard.type('owls');
    await chat.page.keyboard.press('Tab');
    await chat.page.keyboard.type('seven');
    await chat.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await chat.composer.inputValue()).toMatch(/calm riddles about owls for a child of seven years/);
    await chat.page.keyboard.press('Enter');
    await chat.answered();
  });

  it('says how much too long a message is, and keeps it', async () => {
    const chat = await stage.guest();
    await chat.composer.fill('a'.repeat(100_002));
    await chat.page.getByText('This is 2 characters too long.', { exact: false }).waitFor();
    expect(await chat.button('Send').isDisabled()).toBe(true);
    await chat.composer.press('Enter');
    expect(await chat.mine('sending').count()).toBe(0);
    await chat.composer.press('Backspace');
    await chat.composer.press('Backspace');
    await chat.button('Send').click();
    await chat.answered();
  });

  it('grows with the text, up to a part of the window, and shrinks again', async () => {
    const chat = await stage.guest();
    const height = async () => (await chat.composer.boundingBox())?.height ?? 0;
    const one = await height();
    await chat.composer.fill('A line\n'.repeat(3));
    expect(await height()).toBeGreaterThan(2 * one);
    await chat.composer.fill('A line\n'.repeat(100));
    expect(await height()).toBeLessThan(400);
    await chat.composer.fill('');
    expect(await height()).toBe(one);
  });
});

const budget = 10_000;

inOneProcess(
  'the tokens of a day',
  (stage) => {
    /** An answer that costs so many tokens. */
    const costing = (tokens: number) =>
      `${directive({ fault: 'usage', usage: { prompt_tokens: 1, completion_tokens: tokens - 1, total_tokens: tokens } })} Cost me.`;

    it('are shown once a fifth of them is left', async () => {
      const chat = await stage.guest();
      const left = chat.page.getByText('tokens left today', { exact: false });
      await chat.send(costing(100));
      await chat.answered();
      expect(await left.count()).toBe(0);
      await chat.send(costing(8_000));
      await left.waitFor();
      expect(await left.textContent()).toMatch(/^1,900 of 10,000 tokens left today\. There are more from .+\.$/);
      expect(await axeFindings(chat.page)).toEqual([]);
    });

    it('that are spent say when there are more, and what is sent then is kept', async () => {
      const chat = await stage.guest();
      await chat.send(costing(budget));
      await chat.answered();
      await chat.page.getByText('Your tokens for today are spent. There are more from', { exact: false }).waitFor();
      await chat.send('One more');
      const refused = chat.mine('failed');
      await refused.waitFor();
      expect(await refused.textContent()).toMatch(/tokens/);
      await refused.getByRole('button', { name: 'Retry' }).waitFor();
    });
  },
  { env: { GUEST_DAILY_TOKEN_BUDGET: String(budget), MAX_REPLY_TOKENS: '1000' } },
);
