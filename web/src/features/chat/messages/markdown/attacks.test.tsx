import { cleanup, render } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { attacks } from './attacks.fixture.ts';
import { Markdown } from './markdown.tsx';

let complaints: unknown[][] = [];
beforeEach(() => {
  complaints = [];
  vi.spyOn(console, 'error').mockImplementation((...said) => void complaints.push(said));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  // React says where an element stands in one that cannot hold it.
  expect(complaints).toEqual([]);
});

const forbidden =
  'script, iframe, object, embed, form, base, meta, link, style, video, audio, svg, textarea, input:not([type="checkbox"])';

function dangersIn(container: HTMLElement): readonly string[] {
  const elements = [...container.querySelectorAll('*')];
  const handlers = elements.flatMap((element) =>
    element.getAttributeNames().filter((name) => name.startsWith('on') || name === 'srcdoc'),
  );
  const addresses = elements.flatMap((element) => element.getAttribute('href') ?? []);
  const pictures = [...container.querySelectorAll('img')].map((image) => image.getAttribute('src') ?? '');
  // The buttons' own icons are drawings.
  const own = new Set(container.querySelectorAll('button svg'));
  return [
    ...[...container.querySelectorAll(forbidden)].filter((each) => !own.has(each)).map(({ tagName }) => tagName),
    ...handlers,
    ...addresses.filter((address) => !/^(https?|mailto):/.test(address)),
    ...pictures.filter((address) => !/^\/api\/media\/[\w-]+$/.test(address)),
    ...elements.filter((each) => each.id || each.getAttribute('name')).map(({ id }) => `an id: ${id}`),
  ];
}

test('the corpus has at least 60 texts, each with a name of its own', () => {
  expect(attacks.length).toBeGreaterThanOrEqual(60);
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
});

describe.each(attacks)('$name', ({ text }) => {
  test('shows as text, or as what it harmlessly is', () => {
    const { container } = render(<Markdown text={[text]} />);
    expect(dangersIn(container)).toEqual([]);
    expect(container.textContent?.length ?? 0).toBeGreaterThan(0);
  });

  test('is harmless at every length that it has while it streams', () => {
    const { container, rerender } = render(<Markdown text={[]} open />);
    const step = Math.max(1, Math.ceil(text.length / 8));
    for (let length = 1; length < text.length + step; length += step) {
      rerender(<Markdown text={[text.slice(0, length)]} open />);
      expect(dangersIn(container)).toEqual([]);
    }
  });
});
