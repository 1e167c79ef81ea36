import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { storyOf } from './stories.fixture.tsx';
import { audio, breakFor, litTexts, openReading } from './story-reading.fixture.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** A browser that reads aloud, as far as it is told to. */
class Synthesis {
  readonly spoken: Utterance[] = [];
  cancelled = 0;
  speak(utterance: Utterance): void {
    this.spoken.push(utterance);
  }
  cancel(): void {
    this.cancelled += 1;
  }
}
class Utterance {
  lang = '';
  onstart: () => void = () => {};
  onend: () => void = () => {};
  onerror: () => void = () => {};
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

describe("the browser's own voice", () => {
  let synthesis: Synthesis;
  beforeEach(() => {
    synthesis = new Synthesis();
    vi.stubGlobal('speechSynthesis', synthesis);
    vi.stubGlobal('SpeechSynthesisUtterance', Utterance);
  });
  const failed = { narration: { state: 'failed' as const }, language: 'de' as const };
  const utterance = (index: number): Utterance => {
    const found = synthesis.spoken[index];
    if (!found) throw new Error('Nothing was said.');
    return found;
  };

  test('is offered where none was recorded, and reads title and sentences, each by itself, in their language', () => {
    openReading(failed);
    expect(screen.getByText('There is no voice this time. Your browser can read instead.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    expect(synthesis.spoken.map(({ text }) => text)).toEqual([
      storyOf().title,
      'Mia saw a light.',
      'It was small.',
      'She went up the hill.',
      'Then she slept.',
    ]);
    expect(synthesis.spoken.every(({ lang }) => lang === 'de')).toBe(true);
  });

  test('lights the sentence that it reads, without being told which word it is at', () => {
    openReading(failed);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    const lit = synthesis.spoken.map(({ onstart }) => {
      act(() => onstart());
      return litTexts();
    });
    expect(lit).toEqual(synthesis.spoken.map(({ text }) => [text]));
  });

  test('goes silent when it is told to, at its end, and when the page is left', () => {
    openReading(failed);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    act(() => utterance(0).onstart());
    const before = synthesis.cancelled;
    fireEvent.click(screen.getByRole('button', { name: 'Stop reading' }));
    expect(synthesis.cancelled).toBe(before + 1);
    // What the ended reading still says counts no more.
    act(() => utterance(1).onstart());
    expect(litTexts()).toEqual([]);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    // Those of the first reading come before.
    act(() => utterance(8).onend());
    expect(screen.getByRole('button', { name: 'Stop reading' })).toBeTruthy();
    act(() => utterance(9).onend());
    expect(screen.getByRole('button', { name: 'Read aloud' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    const left = synthesis.cancelled;
    cleanup();
    expect(synthesis.cancelled).toBe(left + 1);
    // What was cut off says so late, when another page may be reading.
    act(() => utterance(10).onerror());
    expect(synthesis.cancelled).toBe(left + 1);
  });

  test('goes silent where the recorded one is there after all', () => {
    const change = openReading(failed);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    act(() => utterance(0).onstart());
    const before = synthesis.cancelled;
    change({ language: 'de' });
    expect(audio()).toBeTruthy();
    expect(synthesis.cancelled).toBe(before + 1);
    expect(litTexts()).toEqual([]);
  });

  test('takes over where the recorded one cannot be played', () => {
    openReading();
    breakFor(audio);
    expect(screen.getByText('There is no voice this time. Your browser can read instead.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Read aloud' })).toBeTruthy();
  });
});

test('where no voice can be had, the story is for reading', () => {
  vi.stubGlobal('speechSynthesis', undefined);
  openReading({ narration: { state: 'skipped' } });
  expect(screen.getByText('This one is for reading.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Read aloud' })).toBeNull();
});
