import { expect, it } from 'vitest';
import { directive } from '#tests/model-server/directive.ts';
import { comeToRest, overflowOf } from './layout.ts';
import { atBothSizes } from './stage.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const small = { width: 320, height: 568 };
const say = (text: string) => `${directive({ fault: 'say', say: text })} Show me.`;
const longLine = `A line of code:\n\n\`\`\`ts\nconst line = '${'lamp '.repeat(80)}';\n\`\`\`\n\nand ${'a'.repeat(300)}`;
const cells = (text: string) => `| ${Array.from({ length: 14 }, (_, index) => `${text} ${index}`).join(' | ')} |`;
const wideTable = [cells('A long heading'), cells('---').replaceAll(/--- \d+/g, '---'), cells('value')].join('\n');

atBothSizes(
  'a phone',
  (stage) => {
    it('has the conversations in a drawer that closes when one is opened', async () => {
      const chat = await stage.guest();
      await chat.send('Tell me about tides');
      await chat.answered();
      await chat.button('New chat').tap();
      await chat.page.getByRole('heading', { level: 1 }).waitFor();
      await chat.button('Open conversations').tap();
      const drawer = chat.page.getByRole('dialog', { name: 'Conversations' });
      await drawer.waitFor();
      await chat.conversations.first().tap();
      await drawer.waitFor({ state: 'detached' });
      await chat.answered();
      await chat.button('Open conversations').tap();
      await drawer.waitFor();
      await chat.page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
    });

    it('tells over its drawer what came of renaming, where it can be read and reached', async () => {
      const chat = await stage.guest();
      await chat.send('Tell me about tides');
      await chat.answered();
      await chat.page.route('**/api/conversations/*', (route) =>
        route.request().method() === 'PATCH'
          ? route.fulfill({
              status: 500,
              json: { error: { code: 'internal', message: 'No.', traceId: 'ab'.repeat(16) } },
            })
          : route.continue(),
      );
      await chat.button('Open conversations').tap();
      await chat.button('Rename').tap();
      await chat.page.getByRole('textbox', { name: 'Title' }).fill('Tides');
      await chat.page.keyboard.press('Enter');
      await chat.button('Copy trace ID').waitFor();
      await comeToRest(chat.page);
      // Taps only what is in sight and in reach.
      await chat.button('Close this notification').tap();
      await chat.button('Copy trace ID').waitFor({ state: 'detached' });
      await chat.page.keyboard.press('Escape');
      await chat.page.getByRole('dialog').waitFor({ state: 'detached' });
    });

    it('has the composer in view, above the edge, while it grows and after it was sent', async () => {
      const chat = await stage.guest();
      const isWhole = async () => {
        const box = await chat.composer.boundingBox();
        const height = chat.page.viewportSize()?.height ?? 0;
        return box !== null && box.y >= 0 && box.y + box.height <= height;
      };
      expect(await isWhole()).toBe(true);
      await chat.composer.fill('A line\n'.repeat(40));
      expect(await isWhole()).toBe(true);
      expect(await chat.button('Send').isVisible()).toBe(true);
      await chat.button('Send').tap();
      await chat.answered();
      expect(await isWhole()).toBe(true);
      expect(await overflowOf(chat.page)).toBe(0);
    });

    it('shows what can be done with an answer without a pointer that hovers', async () => {
      const chat = await stage.guest();
      await chat.send('Tell me about tides');
      await chat.answered();
      const opacity = `getComputedStyle(document.querySelector('[aria-label="Copy answer"]')).opacity`;
      expect(await chat.page.evaluate(opacity)).toBe('1');
    });

    it('keeps a long line of code and a wide table in a place of their own', async () => {
      const chat = await stage.guest();
      for (const [text, width] of [
        [longLine, 390],
        [wideTable, 320],
      ] as const) {
        await chat.page.setViewportSize({ ...small, width });
        await chat.send(say(text));
        await chat.answered();
        expect(await overflowOf(chat.page)).toBe(0);
        await chat.button('New chat').tap();
      }
    });

    it('takes a long word of a message, of a title and of a name at 320 pixels', async () => {
      const chat = await stage.open();
      await chat.page.setViewportSize(small);
      await chat.start('A'.repeat(60));
      expect(await overflowOf(chat.page)).toBe(0);
      await chat.send('b'.repeat(400));
      await chat.answered();
      expect(await overflowOf(chat.page)).toBe(0);
      await chat.button('Open conversations').tap();
      await chat.conversations.first().waitFor();
      expect(await overflowOf(chat.page)).toBe(0);
    });
  },
  { context: phone },
);
