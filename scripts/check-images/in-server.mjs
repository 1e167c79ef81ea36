// Runs inside the server image, from standard input: asks the process there and the edge before it, and prints what it found.
import { spawnSync } from 'node:child_process';
import { accessSync, writeFileSync } from 'node:fs';

const standalone = 'http://127.0.0.1:3000';
const [speaker, encoder] = ['espeak-ng', 'lame'];
const json = { 'content-type': 'application/json' };

/** @param {() => void} act */
const outcome = (act) => {
  try {
    act();
    return 'done';
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code;
  }
};

async function answer() {
  const guest = await fetch(`${standalone}/api/auth/guest`, { method: 'POST', headers: json, body: '{"name":"Ada"}' });
  const { access_token: token } = /** @type {{ access_token: string }} */ (await guest.json());
  const message = { text: 'Hello', clientMessageId: crypto.randomUUID() };
  const headers = { ...json, authorization: `Bearer ${token}` };
  const reply = await fetch(`${standalone}/api/chat/send-simple`, {
    method: 'POST',
    headers,
    body: JSON.stringify(message),
  });
  const { run, message: said } = /** @type {{ run?: { status: string }, message?: unknown }} */ (await reply.json());
  return { status: reply.status, run: run?.status, said: JSON.stringify(said ?? null).length };
}

function voice() {
  const wave = spawnSync(speaker, ['--stdout', 'Good evening.'], { maxBuffer: 1e8 });
  const mp3 = spawnSync(encoder, ['--quiet', '-', '-'], { input: wave.stdout, maxBuffer: 1e8 });
  return { wave: wave.stdout?.subarray(0, 4).toString('latin1'), mp3: mp3.stdout?.length, sync: mp3.stdout?.[0] };
}

const health = await fetch(`${standalone}/health`);
const page = await fetch(`${standalone}/`, { headers: { accept: 'text/html', 'accept-encoding': 'br' } });
process.stdout.write(
  JSON.stringify({
    uid: process.getuid?.(),
    node: process.version,
    health: { status: health.status, body: await health.text() },
    page: { status: page.status, type: page.headers.get('content-type') },
    answer: await answer(),
    voice: voice(),
    readOnly: [outcome(() => writeFileSync('/app/x', '')), outcome(() => writeFileSync('/tmp/x', ''))],
    absent: ['npm', 'npx', 'corepack', 'yarn'].filter(
      (name) => outcome(() => accessSync(`/usr/local/bin/${name}`)) === 'done',
    ),
    development: ['node', 'vite', 'typescript', 'vitest'].filter(
      (name) => outcome(() => accessSync(`/app/node_modules/${name}`)) === 'done',
    ),
  }),
);
