import { directive } from '#tests/model-server/directive.ts';
import { expectedText } from '#tests/model-server/text.ts';
import type { Target } from './jobs.ts';
import { jsonOf, LeanConnection, type Received } from './lean-http.ts';
import { type Answer, lamplightEvents, modelEvents, readAnswer } from './read-answer.ts';

export interface Question {
  readonly seed: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/** One person before one target, on a connection of their own. */
export interface Asker {
  ask(question: Question): Promise<Received>;
  close(): void;
}

export async function openAsker(target: Target): Promise<Asker> {
  if (target.kind === 'model') {
    const connection = await LeanConnection.open(target.url);
    const path = `${new URL(target.url).pathname}/chat/completions`;
    const request = (content: string) => ({
      model: 'scripted',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content }],
    });
    return {
      ask: (question) => connection.post(path, request(directive(question))),
      close: () => connection.close(),
    };
  }
  const token = await startGuest(target.apiUrl);
  const connection = await LeanConnection.open(target.realtimeUrl);
  const headers = { authorization: `Bearer ${token}` };
  return {
    ask: (question) => connection.post('/api/chat/send', { text: directive(question) }, headers),
    close: () => connection.close(),
  };
}

/** The token of a new guest. */
export async function startGuest(apiUrl: string, kept?: LeanConnection): Promise<string> {
  const connection = kept ?? (await LeanConnection.open(apiUrl));
  const token = jsonOf(await connection.post('/api/auth/guest', { name: 'Benchmark' }))['access_token'];
  if (!kept) connection.close();
  if (typeof token !== 'string') throw new Error('A guest got no token.');
  return token;
}

/** Reads what came, by the events of its target. */
export const answerOf = (target: Target, received: Received): Answer =>
  readAnswer(received, target.kind === 'model' ? modelEvents() : lamplightEvents());

/** What is wrong with the text of an answer; undefined where it is the model server's to the character. */
export function wrongWith(text: string, { seed, tokens }: Question): string | undefined {
  const expected = expectedText({ seed, tokens });
  if (text === expected) return undefined;
  let same = 0;
  while (same < text.length && text[same] === expected[same]) same += 1;
  return `Answer ${seed} differs at ${same} of ${expected.length}: ${JSON.stringify(text.slice(same, same + 40))}`;
}
