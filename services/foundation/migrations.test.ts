import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { migrate, requireMigrated } from './migrations.ts';

describe('migrations', () => {
  let app: TestChat;
  beforeEach(async () => {
    app = await createTestChat();
  });
  afterEach(() => app.close());

  it('leave a store that this release can use, however often they run', async () => {
    await migrate(app.foundation, { allStopped: false });
    await migrate(app.foundation, { allStopped: true });
    await expect(requireMigrated(app.foundation)).resolves.toBeUndefined();
  });
});
