import type { ChatMessage } from './models.ts';

const howToSetOne = [
  'I am the **demo model** that comes with Lamplight: I am a handful of prepared sentences, and I understand nothing.',
  'To talk to a real model, the operator sets one of these and starts Lamplight again:',
  [
    '- `OPENAI_API_KEY`: a key for OpenAI, or for any server that speaks its API',
    '- `OPENAI_BASE_URL`: the address of such a server, for example one of your own',
    '- `MODELS_FILE`: a YAML file with several providers and models',
  ].join('\n'),
  'With the first two, `OPENAI_INPUT_PRICE` and `OPENAI_OUTPUT_PRICE` say what a million tokens cost: 0 where they cost nothing.',
  'Everything else here is real. Reload the page while I write, or open a second tab: the answer goes on where it stood.',
].join('\n\n');

const replies: readonly ((quote: string) => string)[] = [
  (quote) =>
    [
      `You wrote ${quote}. A real model would have thoughts about that; I only have a list:`,
      '1. I read your message as far as my quotation marks reach.\n2. I picked one of my prepared answers.\n3. I now write it slowly enough for you to follow.',
      'Ask me something else, and you will get another one.',
    ].join('\n\n'),
  (quote) =>
    [
      `About ${quote}: here is what I can show you instead of an answer.`,
      '```ts\nconst lamp = { lit: true };\nwhile (lamp.lit) readOneMorePage();\n```',
      'Code, **bold words**, *slanted ones* and [links](https://example.org) all arrive piece by piece, as they would from a real model.',
    ].join('\n\n'),
  (quote) =>
    [
      `${quote}, you say. Let me put it in a table, since I cannot put it in context:`,
      '| What | How much |\n| --- | --- |\n| Words of yours that I understood | 0 |\n| Words that I write anyway | about 60 |\n| Answers lost on the way | none |',
      'With a real model behind this page the first row would look better.',
    ].join('\n\n'),
  (quote) =>
    [
      `> ${quote}`,
      'That reminds me of nothing, because I am a demo and remember nothing. But imagine a small lamp on a window sill, rain outside, and someone who reads aloud. 🌙',
      'A real model would go on from here. I stop.',
    ].join('\n\n'),
];

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The start of a text in quotation marks, cut between characters. */
function quoteOf(text: string, length = 80): string {
  const characters = Array.from(plain(text));
  return `“${characters.slice(0, length).join('').trim()}${characters.length > length ? '…' : ''}”`;
}

function titleFrom(messages: readonly ChatMessage[]): string {
  const asked = messages.find(({ role }) => role === 'user')?.content ?? '';
  const words = asked.match(/[\p{L}\p{N}’'-]+/gu) ?? [];
  const title = Array.from(words.slice(0, 6).join(' ')).slice(0, 60).join('');
  return title === '' ? 'A talk with the demo' : title.charAt(0).toUpperCase() + title.slice(1);
}

const asksForTitle = (messages: readonly ChatMessage[]): boolean =>
  messages.some(({ role, content }) => role === 'system' && /\btitle\b/i.test(content));

/** What the demo model says. `random` gives [0, 1). */
export function demoReply(messages: readonly ChatMessage[], random: () => number): string {
  if (asksForTitle(messages)) return titleFrom(messages);
  const asked = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const first = !messages.some(({ role }) => role === 'assistant');
  if (first) return `Hello! You wrote: ${quoteOf(asked)}\n\n${howToSetOne}`;
  const reply = replies[Math.floor(random() * replies.length)] ?? replies[0];
  return reply ? reply(quoteOf(asked)) : howToSetOne;
}
