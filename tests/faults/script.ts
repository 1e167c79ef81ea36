import { directive } from '#tests/model-server/directive.ts';
import { scriptedTokens } from '#tests/model-server/text.ts';
import type { Random } from './random.ts';

/** What a message asks of the model server, and so what its answer must be. */
export interface Script {
  /** The model server counts its calls by this: one message has one. */
  readonly key: string;
  readonly seed: number;
  readonly tokens: number;
  readonly thinking: number;
  readonly splitPairs: boolean;
  readonly tokensPerSecond: number;
  /** `400`: refused; `cut`: the connection breaks after some tokens; `503`: only the first call is refused. */
  readonly fault?: '400' | 'cut' | '503';
}

/** Some seconds of talk; some with thinking, with emoji that are cut in two, or with a fault of the model's. */
export function makeScript(random: Random, key: string): Script {
  const fault = random.chance(0.08) ? random.pick(['400', 'cut', '503'] as const) : undefined;
  return {
    key,
    seed: random.integer(1, 2 ** 31),
    tokens: random.integer(60, 500),
    thinking: random.chance(0.2) ? random.integer(5, 40) : 0,
    splitPairs: random.chance(0.3),
    tokensPerSecond: random.integer(30, 50),
    ...(fault && { fault }),
  };
}

/** The message that makes the model server do so. */
export function messageOf({ fault, ...script }: Script): string {
  const faulty = fault && { fault, ...(fault === 'cut' && { after: 20 }), ...(fault === '503' && { times: 1 }) };
  return `Tell me something 🌙 about ${script.key}: ${directive({ ...script, ...faulty, nonce: true })}`;
}

/** Whether the answer is to fail. */
export const mustFail = ({ fault }: Script): boolean => fault === '400' || fault === 'cut';

/** The whole text that the model server's call of this number gives. */
export const textOfCall = ({ seed, tokens, splitPairs }: Script, nonce: number): string =>
  scriptedTokens({ seed, tokens, splitPairs, nonce }).join('').toWellFormed();

export const thinkingOf = ({ seed, thinking }: Script): string =>
  scriptedTokens({ seed: seed ^ 0x5eed, tokens: thinking })
    .join('')
    .toWellFormed();
