import { cleanup, render, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Maths, rehearseMaths } from './maths.tsx';

// KaTeX draws nothing in a page without a doctype, such as this one.
vi.mock('./render-maths.ts', () => ({
  fonts: [],
  samples: ['a', 'b'],
  renderMaths: (tex: string, place: HTMLElement) => {
    place.innerHTML = `<math>${tex}</math>`;
  },
}));

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test('a formula is its TeX until what draws it is there, and drawn at once from then on', async () => {
  const first = render(<Maths tex="x^2" />);
  const second = render(<Maths tex="y" isDisplay />);
  expect(first.container.querySelector('code')?.textContent).toBe('x^2');
  await waitFor(() => expect(first.container.querySelector('math')).not.toBeNull());
  await waitFor(() => expect(second.container.querySelector('.maths-display math')).not.toBeNull());
  expect(first.container.querySelector('code')).toBeNull();
  const third = render(<Maths tex="z" />);
  expect(third.container.querySelector('math')).not.toBeNull();
});

test('formulas are rehearsed where nobody sees or reaches them, and leave nothing behind', async () => {
  const append = vi.spyOn(document.body, 'append');
  await rehearseMaths();
  const [unseen] = append.mock.calls.flat();
  if (!(unseen instanceof HTMLElement)) throw new Error('Nothing was rehearsed.');
  expect(unseen.inert).toBe(true);
  expect(unseen.dir, 'as formulas are in every language').toBe('ltr');
  expect(unseen.classList.contains('invisible')).toBe(true);
  expect(unseen.querySelector('math')?.textContent, 'the last formula').toBe('b');
  expect(unseen.isConnected).toBe(false);
  expect(performance.getEntriesByName('maths rehearsed')).toHaveLength(1);
});
