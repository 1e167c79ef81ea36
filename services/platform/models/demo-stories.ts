import type { DemoTale, DemoWords } from './demo-words.ts';
import { arabic } from './demo-words-ar.ts';
import { german } from './demo-words-de.ts';
import { english } from './demo-words-en.ts';
import { spanish } from './demo-words-es.ts';
import type { ChatMessage } from './models.ts';

const byLanguage: Readonly<Record<string, DemoWords>> = { en: english, de: german, es: spanish, ar: arabic };

/** From as many words on a story has a stretch more. */
const longFrom = 600;
const longestIdea = 160;

/** What the demo understands of an order for a story. */
interface Order {
  readonly words: DemoWords;
  readonly who: string;
  readonly place: string;
  readonly reader: string;
  readonly idea: string;
  readonly long: boolean;
  readonly lately: readonly string[];
}

/** A story in the form that is asked for, of prepared sentences with who and what was ordered in them. `random` gives [0, 1). */
export function demoStory(messages: readonly ChatMessage[], random: () => number): string {
  const order = readOrder(messages.find(({ role }) => role === 'user')?.content ?? '', random);
  const fill = filler(order);
  const { parts, ...beside } = chooseTale(order, random);
  const before = order.long ? [...parts.slice(0, -1), order.words.interlude] : parts.slice(0, -1);
  const told = [...before, ...parts.slice(-1)].map(fill);
  const { title, summary, moral, pictureAlt, picturePrompt } = beside;
  return JSON.stringify({
    title: fill(title),
    parts: told,
    summary: fill(summary),
    moral: fill(moral),
    pictureAlt: fill(pictureAlt),
    picturePrompt: fill(picturePrompt),
  });
}

function readOrder(content: string, random: () => number): Order {
  const json = record(parse(content));
  const code = /\((\w+)\)/.exec(text(json['language']))?.[1] ?? 'en';
  const words = byLanguage[code] ?? english;
  const one = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const names = named(json['characters'], 'name');
  const places = named(json['scenes'], 'place');
  const reader = text(record(json['reader'])['name']);
  return {
    words,
    who: joined(names, words.and) || one(words.somebody),
    place: places[0] ?? one(words.somewhere),
    reader: reader === '' ? words.child : reader,
    idea: Array.from(text(json['idea']).replace(/\s+/g, ' ').trim()).slice(0, longestIdea).join(''),
    long: Number(json['words']) >= longFrom,
    lately: list(json['toldLately']).map(text),
  };
}

/** Another tale than the last ones, as long as there is one. */
function chooseTale(order: Order, random: () => number): DemoTale {
  const fill = filler(order);
  const { tales } = order.words;
  const fresh = tales.filter(({ title }) => !order.lately.some((told) => told.startsWith(`${fill(title)}:`)));
  const from = fresh.length > 0 ? fresh : tales;
  const tale = from[Math.floor(random() * from.length)] ?? tales[0];
  if (!tale) throw new Error('The demo model knows no tale in this language.');
  return tale;
}

/** Fills a text in. What is filled in is not looked at again, and a sentence begins with a capital letter. */
const filler =
  ({ words, who, place, reader, idea }: Order) =>
  (pattern: string): string => {
    const about = idea === '' ? '' : words.about.replace('{idea}', () => idea.replace(/[.!?…]+$/, ''));
    const values: Readonly<Record<string, string>> = { who, place, reader, about };
    return pattern
      .replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
      .replace(/(^|[.!?]\s+|\n\n)(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
      .replace(/ +(\n|$)/g, '$1');
  };

const joined = (names: readonly string[], and: string): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${and} ${names.at(-1)}`;

const parse = (content: string): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    // Somebody else asks for JSON: a story answers that as well as anything.
    return {};
  }
};
const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const named = (value: unknown, name: string): string[] =>
  list(value)
    .map((one) => text(record(one)[name]))
    .filter((one) => one !== '');
