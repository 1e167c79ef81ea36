import { act, fireEvent, render } from '@testing-library/react';
import type { Story } from '#contract/stories.ts';
import type { After } from '../../api/timers.ts';
import { storyOf } from './stories.fixture.tsx';
import { StoryReading } from './story-reading.tsx';

/** What the page waits for. */
const waiting = new Set<() => void>();
const after: After = (_, callback) => {
  waiting.add(callback);
  return () => void waiting.delete(callback);
};

/** Shows a story; the answer shows it changed. */
export function openReading(changes: Partial<Story> = {}): (next: Partial<Story>) => void {
  const page = (of: Partial<Story>) => <StoryReading story={storyOf(of)} source={{ after }} />;
  const { rerender } = render(page(changes));
  return (next) => rerender(page(next));
}

/** All that the page waits for comes. */
export const timePasses = () =>
  act(() => {
    for (const callback of [...waiting]) callback();
  });

/** It cannot be loaded, nor a while later, nor later still. */
export function breakFor(element: () => Element): void {
  for (const isLast of [false, false, true]) {
    fireEvent.error(element());
    if (!isLast) timePasses();
  }
}

export const litTexts = () => [...document.querySelectorAll('[data-lit="true"]')].map(({ textContent }) => textContent);

export function audio(): HTMLAudioElement {
  const element = document.querySelector('audio');
  if (!element) throw new Error('There is no voice.');
  return element;
}
