import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { errorResponse } from '#contract/errors.ts';
import { scheduleRoutes } from '#contract/schedule-routes.ts';
import { story } from '#contract/stories.ts';

export const usage = `story --schedule ID: has a schedule's story written now. Its times stay as they are.

  --schedule ID   one of the schedules of whoever the key belongs to: GET /api/schedules lists them

LAMPLIGHT_URL     where Lamplight is (http://127.0.0.1:3000)
LAMPLIGHT_KEY     an API key with the scope chat

Exit codes: 0 the story is being written, 1 it is not, 2 wrong options.`;

const timeoutMs = 30_000;
/** A story that was begun and whose reply was lost is found by its ID. */
const tries = 3;
const pauseMs = 300;

/** What the caller wrote is wrong; the message says what to write. */
export class UsageError extends Error {}

/** Says where the story will be; undefined where only help was asked for. Throws an `Error` in plain words. */
export async function runSchedule(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { schedule, help } = readOptions(args);
  if (help) return undefined;
  if (!schedule) throw new UsageError('Name a schedule: npm run story -- --schedule ID (--help says more).');
  const key = environment['LAMPLIGHT_KEY'];
  if (!key) throw new UsageError('Set LAMPLIGHT_KEY to an API key with the scope chat.');
  const url = readAddress(environment['LAMPLIGHT_URL'] || 'http://127.0.0.1:3000');
  const path = scheduleRoutes.runSchedule.path.replace(':id', encodeURIComponent(schedule));
  const { status, text } = await postUntilAnswered(`${url}${path}`, key);
  if (status !== scheduleRoutes.runSchedule.status) throw new Error(refusal(url, status, text));
  const begun = story.safeParse(readJson(text));
  if (!begun.success) throw new Error(`What answers at ${url} is not Lamplight, or another release of it.`);
  return `The story ${begun.data.id} is being written: ${url}/stories/${begun.data.id}`;
}

function readOptions(args: readonly string[]) {
  try {
    const options = { schedule: { type: 'string' }, help: { type: 'boolean', default: false } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Without a slash at the end. */
function readAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new UsageError(`LAMPLIGHT_URL is "${text}". Write an address such as https://chat.example.org.`);
  return text.replace(/\/+$/, '');
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Asks again, for the same story, where no answer came: neither from Lamplight nor from what stands before it. */
async function postUntilAnswered(url: string, key: string): Promise<Reply> {
  const body = JSON.stringify({ clientStoryId: randomUUID() });
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === tries;
    const reply = await post(url, key, body).catch((error: unknown) => {
      if (isLast) throw error;
    });
    if (reply && (isLast || reply.status < 502)) return reply;
    await pause(pauseMs);
  }
}

async function post(url: string, key: string, body: string): Promise<Reply> {
  try {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new Error(`Nothing answers at ${new URL(url).origin}. Is Lamplight running there? See LAMPLIGHT_URL.`, {
      cause,
    });
  }
}

/** The words of Lamplight itself, where it said any. */
function refusal(url: string, status: number, text: string): string {
  const refused = errorResponse.safeParse(readJson(text));
  if (!refused.success) return `What answers at ${url} is not Lamplight: it answered ${status}.`;
  const { code, message, traceId } = refused.data.error;
  return `${message} (${code}, trace ${traceId})`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
