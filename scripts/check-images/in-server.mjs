// Runs inside the server image, from standard input: asks the process there and the edge before it, and prints what it found.
import { accessSync, writeFileSync } from 'node:fs';

const standalone = 'http://127.0.0.1:3000';
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

/** Reads a line aloud as the worker does. */
async function voice() {
  /** @param {string} path */
  const load = (path) => import(`${process.cwd()}/services/${path}`);
  const { EspeakSpeech } = await load('platform/speech/espeak-speech.ts');
  const { narrate } = await load('domain/stories/narration/narrate.ts');
  const { systemClock } = await load('platform/clock.ts');
  const signal = AbortSignal.timeout(30_000);
  const story = { title: 'Good evening.', parts: [], language: 'en' };
  const narration = narrate(story, { speech: new EspeakSpeech({ clock: systemClock }), signal });
  const chunks = [];
  for await (const chunk of narration.audio) chunks.push(chunk);
  const mp3 = Buffer.concat(chunks);
  return { sync: mp3[0], bytes: mp3.length, seconds: narration.result().seconds };
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
    voice: await voice(),
    readOnly: [outcome(() => writeFileSync('/app/x', '')), outcome(() => writeFileSync('/tmp/x', ''))],
    absent: ['npm', 'npx', 'corepack', 'yarn'].filter(
      (name) => outcome(() => accessSync(`/usr/local/bin/${name}`)) === 'done',
    ),
    development: ['node', 'vite', 'typescript', 'vitest'].filter(
      (name) => outcome(() => accessSync(`/app/node_modules/${name}`)) === 'done',
    ),
  }),
);
