import { describe, expect, it } from 'vitest';
import { demoStory } from './demo-stories.ts';

interface Told {
  readonly title: string;
  readonly parts: readonly string[];
}

const tell = (order: object, random = 0): Told =>
  JSON.parse(
    demoStory(
      [
        { role: 'system', content: 'JSON' },
        { role: 'user', content: JSON.stringify(order) },
      ],
      () => random,
    ),
  ) as Told;

describe('stories of the demo model', () => {
  it.each([
    ['English (en)', 'Good night.'],
    ['German (de)', 'Gute Nacht.'],
    ['Spanish (es)', 'Buenas noches.'],
    ['Arabic (ar)', 'تصبحون على خير.'],
    ['French (fr)', 'Good night.'],
  ])('are told in %s, with who listens and who is in them', (language, end) => {
    for (const random of [0, 0.4, 0.99]) {
      const order = {
        language,
        reader: { name: 'Mila' },
        characters: [{ name: 'Otto' }, { name: 'Ines' }],
        scenes: [{ place: 'Lake Blue' }],
        idea: 'A boat of paper!',
        words: 390,
      };
      const { title, parts } = tell(order, random);
      const whole = [title, ...parts].join('\n');
      for (const word of ['Mila', 'Otto', 'Ines', 'Lake Blue', 'A boat of paper']) expect(whole).toContain(word);
      expect(whole).not.toMatch(/[{}]/);
      expect(whole).not.toMatch(/,” (Said|Whispered|They)/);
      expect(parts.length).toBeGreaterThanOrEqual(3);
      expect(parts.length).toBeLessThanOrEqual(5);
      expect(parts.at(-1)?.endsWith(end)).toBe(true);
    }
  });

  it('differ from the last ones, and are longer where more words are ordered', () => {
    const first = tell({ language: 'English (en)' });
    const next = tell({ language: 'English (en)', toldLately: [`${first.title}: It was about stars.`], words: 1_300 });
    expect(next.title).not.toBe(first.title);
    expect(next.parts.length).toBe(4);
  });

  it('take what is ordered as text, and nothing as a pattern', () => {
    const whole = tell({ language: 'English (en)', reader: { name: '$& {who}' }, idea: '"},{"x' }).parts.join('\n');
    expect(whole).toContain('$& {who}');
    expect(whole).toContain('"},{"x');
  });

  it('are told to whoever asks for JSON in another way', () => {
    const told = JSON.parse(demoStory([{ role: 'user', content: 'Write JSON.' }], () => 0)) as Told;
    expect(told.parts.length).toBeGreaterThan(2);
  });
});
