import { createServer } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';

const drawn = vi.hoisted(() => ({ ports: [] as number[] }));
vi.mock('node:crypto', async (original) => ({
  ...(await original<typeof import('node:crypto')>()),
  randomInt: (least: number) => drawn.ports.shift() ?? least,
}));
const { freePort } = await import('./free-port.ts');

afterEach(() => {
  drawn.ports = [];
});

it('gives no port twice, though nobody listens on the first yet', async () => {
  drawn.ports = [20_011, 20_011, 20_011, 20_012];
  expect([await freePort(), await freePort()]).toEqual([20_011, 20_012]);
});

it('gives no port that somebody listens on', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(20_013, '127.0.0.1', resolve));
  drawn.ports = [20_013, 20_014];
  expect(await freePort()).toBe(20_014);
  await new Promise((resolve) => server.close(resolve));
});
