/**
 * Measures the chat page in Chromium at a quarter of the processor's speed, against a standalone process and the tests' model
 * server: `npm run bench:web -- [--only load,open,stream,heap] [--json FILE] [--repeat N] [--explain]`. docs/benchmark.md says what each
 * figure means. Exits with 1 where a budget is missed.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { type Figure, isMissed, tableOf } from '#tests/bench/figures.ts';
import { ChatPage } from '#tests/e2e/chat-page.ts';
import { launchBrowser } from '#tests/e2e/launch-browser.ts';
import { startModelServer } from '#tests/model-server/model-server.ts';
import { findChromium } from '#tests/servers/programs.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { measureFirstLoad } from './first-load.ts';
import { measureHeap } from './heap.ts';
import { mixedMarkdown } from './mixed-markdown.ts';
import { measureOpening } from './open-conversation.ts';
import { type SeededConversation, seedConversations } from './seed-conversations.ts';
import { measureStream } from './stream.ts';
import type { SignedIn } from './throttled-page.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'load,open,stream,heap' },
    json: { type: 'string', default: 'bench-results/web.json' },
    repeat: { type: 'string', default: '5' },
    bytes: { type: 'string', default: '100000' },
    explain: { type: 'boolean', default: false },
  },
});
const parts = new Set(options.only.split(','));
const repeat = Number(options.repeat);
const textName = 'mixed';
const tokensPerSecond = 200;
/** Of the longest tasks. */
const mostTold = options.explain ? 20 : 5;

const long: SeededConversation = { id: 'long', title: 'A long one', messages: 5_000 };
const several: readonly SeededConversation[] = Array.from({ length: 50 }, (_, index) => ({
  id: `several-${index}`,
  title: `Evening ${index}`,
  messages: 40,
}));

const figures: Figure[] = [];
const begin = performance.now();
const say = (line: string) => console.error(`${((performance.now() - begin) / 1e3).toFixed(0).padStart(4)} s  ${line}`);
const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function measureAll(browser: Browser, url: string, signedIn: SignedIn): Promise<void> {
  let state = signedIn;
  if (parts.has('load')) {
    say('first load');
    const ready: number[] = [];
    let scriptBytes = 0;
    for (let round = 0; round < repeat; round += 1) {
      const load = await measureFirstLoad(browser, url, state);
      ({ state, scriptBytes } = load);
      ready.push(load.readyMs);
    }
    const of = `first load, median of ${repeat}`;
    figures.push({ of, name: 'script, gzip', value: scriptBytes / 1e3, unit: 'KB', target: 180 });
    figures.push({ of, name: 'ready to type', value: medianOf(ready), unit: 'ms', target: 1_500 });
    const conversation = await measureFirstLoad(browser, `${url}/c/${several[0]?.id}`, state, { withAnswers: true });
    ({ state } = conversation);
    figures.push({ of: 'a conversation', name: 'script, gzip', value: conversation.scriptBytes / 1e3, unit: 'KB' });
  }
  if (parts.has('open')) {
    say('opening 5,000 messages');
    const times: number[] = [];
    for (let round = 0; round < repeat; round += 1) {
      const opening = await measureOpening(browser, url, state, long);
      ({ state } = opening);
      times.push(opening.ms);
    }
    const of = `5,000 messages, median of ${repeat}`;
    figures.push({ of, name: 'until the last is painted', value: medianOf(times), unit: 'ms', target: 300 });
  }
  if (parts.has('heap')) {
    say('heap over 50 conversations');
    const early: number[] = [];
    const late: number[] = [];
    const growths: number[] = [];
    for (let round = 0; round < repeat; round += 1) {
      const heap = await measureHeap(browser, url, state, several);
      ({ state } = heap);
      early.push(heap.bytesEarly / 1e6);
      late.push(heap.bytesLate / 1e6);
      growths.push((heap.bytesLate / heap.bytesEarly - 1) * 100);
    }
    const of = `heap, median of ${repeat}`;
    figures.push({ of, name: 'at the 10th conversation', value: medianOf(early), unit: 'MB' });
    figures.push({ of, name: 'at the 50th', value: medianOf(late), unit: 'MB' });
    figures.push({ of, name: 'growth', value: medianOf(growths), unit: '%', target: 10 });
    figures.push({ of, name: 'growth, least', value: Math.min(...growths), unit: '%' });
    figures.push({ of, name: 'growth, most', value: Math.max(...growths), unit: '%' });
  }
  if (parts.has('stream')) {
    say(`an answer of ${options.bytes} bytes`);
    const wish = { text: textName, tokensPerSecond, explained: options.explain ? mostTold : 0 };
    const { rehearsedMs, tasks, keys } = await measureStream(browser, url, state, wish);
    if (tasks.length === 0 || keys.length === 0) throw new Error('The trace has no task, or no key was answered.');
    const of = `answer of ${Math.round(Number(options.bytes) / 1e3)} KB`;
    const wall = tasks.toSorted((one, other) => other.wallMs - one.wallMs);
    for (const { atMs, cpuMs, wallMs, steps } of tasks.slice(0, mostTold)) {
      say(`  task of ${cpuMs.toFixed(0)} ms (${wallMs.toFixed(0)} ms by the clock) at ${(atMs / 1e3).toFixed(1)} s`);
      for (const step of steps) say(`    ${'  '.repeat(step.depth)}${step.name} ${step.cpuMs.toFixed(1)} ms`);
    }
    for (const { atMs, ms, waitedMs, handledMs } of keys.slice(0, mostTold))
      say(
        `  key of ${ms} ms at ${(atMs / 1e3).toFixed(1)} s: waited ${waitedMs.toFixed(0)} ms, was handled for ${handledMs.toFixed(0)} ms`,
      );
    figures.push({ of, name: 'page was ready after', value: rehearsedMs, unit: 'ms' });
    figures.push({ of, name: 'longest task, CPU', value: tasks[0]?.cpuMs ?? 0, unit: 'ms', target: 50 });
    figures.push({ of, name: 'longest task, by the clock', value: wall[0]?.wallMs ?? 0, unit: 'ms' });
    const over = tasks.filter(({ cpuMs }) => cpuMs > 50).length;
    figures.push({ of, name: 'tasks over 50 ms', value: over, unit: `of ${tasks.length}` });
    figures.push({ of, name: 'slowest key', value: keys[0]?.ms ?? 0, unit: 'ms', target: 100 });
    figures.push({ of, name: 'key, median', value: medianOf(keys.map(({ ms }) => ms)), unit: 'ms' });
  }
}

/** A guest who has been here, as the browser keeps that. */
async function signInGuest(browser: Browser, url: string): Promise<{ ownerId: string; state: SignedIn }> {
  const context = await browser.newContext();
  try {
    const chat = await ChatPage.open(context, url);
    const asked = chat.page.waitForResponse((response) => new URL(response.url()).pathname === '/api/me');
    await chat.start('Ada');
    const { id } = await (await asked).json();
    return { ownerId: String(id), state: await context.storageState() };
  } finally {
    await context.close();
  }
}

const chromium = findChromium();
if (!chromium) throw new Error('A browser is needed: put chromium on the PATH.');
const texts = new Map([[textName, mixedMarkdown(Number(options.bytes))]]);
const [model, browser] = await Promise.all([startModelServer({ texts }), launchBrowser(chromium)]);
const dataDir = await mkdtemp(join(tmpdir(), 'lamplight-bench-web-'));
const env = { OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted' };
const lamplight = await startStandalone({ env, dataDir });
try {
  const { ownerId, state } = await signInGuest(browser, lamplight.url);
  await lamplight.stop();
  say('seeding');
  await seedConversations(dataDir, ownerId, [...several.toReversed(), long]);
  await lamplight.start();
  await measureAll(browser, lamplight.url, state);
} finally {
  await browser.close();
  await lamplight.stop();
  await model.close();
  await rm(dataDir, { recursive: true });
}

const missed = figures.filter(isMissed);
const date = new Date().toISOString();
const processor = cpus()[0]?.model ?? 'unknown';
console.log(`${date}: ${cpus().length} × ${processor}, Chromium at a quarter of its speed\n\n${tableOf(figures)}`);
console.log(`\n${figures.length} figures, ${missed.length} budgets missed.`);
await mkdir(dirname(options.json), { recursive: true });
await writeFile(options.json, `${JSON.stringify({ date, processor, cores: cpus().length, figures }, null, 2)}\n`);
if (missed.length > 0) process.exitCode = 1;
