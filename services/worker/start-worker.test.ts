import { expect, it } from 'vitest';
import { createTestChat } from '#tests/servers/test-chat.ts';

it('says what judges, reads aloud and paints stories', async () => {
  const app = await createTestChat();
  const { speech } = app.foundation.stories;
  app.startWorker();
  expect(app.lines.map(({ message }) => message)).toContain(
    `Of stories: judged by none, read aloud by ${speech.kind}, pictures by drawn.`,
  );
  await app.close();
});
