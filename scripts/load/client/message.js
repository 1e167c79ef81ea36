// What people write, and what the model has to say to it.
import { expectedText } from '../../../tests/model-server/text.ts';

const questions = [
  'What is a good name for a small boat?',
  'Tell me in two sentences why the sky is blue.',
  'How do I keep basil alive on a window sill?',
  'Which three books should I read in winter, and why?',
];

/** @param {number} limit */
const below = (limit) => Math.floor(Math.random() * limit);

/**
 * With `scripted`, a message tells the project's test model what to answer (tests/model-server): then every character is
 * known. The text begins with the number of the call, so that a mixture of two attempts would show.
 * @param {import('../settings.js').Settings} settings
 * @returns {{ text: string, expected: ((text: string) => boolean) | undefined }}
 */
export function composeMessage({ scripted, tokens, pace }) {
  const question = questions[below(questions.length)] ?? '';
  if (!scripted) return { text: question, expected: undefined };
  const script = { seed: below(2 ** 31), tokens, splitPairs: below(4) === 0 };
  const directive = { ...script, tokensPerSecond: pace, nonce: true, key: `${script.seed}-${below(2 ** 31)}` };
  return {
    text: `[[${JSON.stringify(directive)}]] ${question}`,
    expected: (text) => {
      const nonce = /^#(\d+) /.exec(text)?.[1];
      return nonce !== undefined && text === expectedText({ ...script, nonce: Number(nonce) });
    },
  };
}
