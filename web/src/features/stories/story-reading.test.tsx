import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Story } from '#contract/stories.ts';
import { storyOf } from './stories.fixture.tsx';
import { StoryReading } from './story-reading.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const litTexts = () => [...document.querySelectorAll('[data-lit="true"]')].map(({ textContent }) => textContent);
const open = (changes: Partial<Story> = {}) => {
  const { rerender } = render(<StoryReading story={storyOf(changes)} />);
  return (next: Partial<Story>) => rerender(<StoryReading story={storyOf(next)} />);
};
const audio = () => {
  const element = document.querySelector('audio');
  if (!element) throw new Error('There is no voice.');
  return element;
};

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
  onboundary: (event: { charIndex: number }) => void = () => {};
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

describe('a story', () => {
  test('shows its title, whom it is for, its text in paragraphs, and its moral', () => {
    open();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('The Lamp on the Hill');
    expect(screen.getByText('For Mia')).toBeTruthy();
    const paragraphs = [...document.querySelectorAll('.story-text p')].map(({ textContent }) => textContent);
    expect(paragraphs).toEqual([
      'Mia saw a light. It was small.',
      'She went up the hill.',
      'Then she slept.',
      'Small lights lead home.',
    ]);
    expect(screen.queryByText(/No moderation/)).toBeNull();
  });

  test('says where nothing stood between the model and a child', () => {
    open({ moderation: 'none' });
    expect(screen.getByText(/No moderation is active/)).toBeTruthy();
  });

  test('in Arabic is read from the right', () => {
    open({ language: 'ar' });
    expect(document.querySelector('.story-text')?.closest('[lang="ar"]')?.getAttribute('dir')).toBe('rtl');
  });
});

describe('the picture', () => {
  const box = () => document.querySelector('.story-cover > div');

  test('is awaited in its place, taken in when it is there, and told in words', () => {
    const change = open({ picture: { state: 'pending' } });
    const before = box();
    expect(screen.getByText('The picture is being drawn')).toBeTruthy();
    change({});
    const picture = screen.getByRole('img', { name: 'A lamp on a hill' });
    expect(screen.getByText('The picture is being drawn')).toBeTruthy();
    fireEvent.load(picture);
    expect(screen.queryByText('The picture is being drawn')).toBeNull();
    expect(box()).toBe(before);
  });

  test.each([
    ['failed', { state: 'failed' }],
    ['cannot be loaded', storyOf().picture],
  ] as const)('that %s is missed gently', (why, picture) => {
    open({ picture });
    if (why === 'cannot be loaded') fireEvent.error(screen.getByRole('img'));
    expect(screen.getByText('There is no picture this time. The story is all there.')).toBeTruthy();
  });

  test('stays the same where its address is only signed anew', () => {
    const change = open();
    const url = '/api/media/s1-picture?expires=2&signature=c';
    change({ picture: { state: 'ready', url } });
    expect(screen.getByRole('presentation').getAttribute('src')).toContain('expires=1');
    fireEvent.error(screen.getByRole('presentation'));
    expect(screen.getByRole('presentation').getAttribute('src')).toBe(url);
  });
});

describe('the voice', () => {
  test('lights what it reads, sentence by sentence, and nothing in a pause', () => {
    open();
    const element = audio();
    vi.spyOn(element, 'paused', 'get').mockReturnValue(false);
    const at = (seconds: number) => {
      element.currentTime = seconds;
      fireEvent.timeUpdate(element);
      return litTexts();
    };
    expect(at(1)).toEqual(['The Lamp on the Hill']);
    expect(at(3)).toEqual(['Mia saw a light.']);
    expect(at(5)).toEqual(['It was small.']);
    expect(at(7)).toEqual([]);
    expect(at(9)).toEqual(['Then she slept.']);
    fireEvent.ended(element);
    expect(litTexts()).toEqual([]);
  });

  test('is played, paused and moved', async () => {
    open();
    const element = audio();
    const play = vi.spyOn(element, 'play').mockResolvedValue();
    fireEvent.click(screen.getByRole('button', { name: 'Listen' }));
    expect(play).toHaveBeenCalledOnce();
    fireEvent.play(element);
    expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
    const place = screen.getByRole('slider', { name: 'Place in the story' });
    expect(place.getAttribute('aria-valuetext')).toBe('0:00 of 3:07');
    fireEvent.change(place, { target: { value: '61' } });
    expect(element.currentTime).toBe(61);
    expect(place.getAttribute('aria-valuetext')).toBe('1:01 of 3:07');
  });

  test('that is to come says so', () => {
    open({ narration: { state: 'pending' } });
    expect(screen.getByText('The voice is being recorded. You can read meanwhile.')).toBeTruthy();
  });

  test('that goes on while its address is signed anew is not cut off', () => {
    const change = open();
    const before = audio();
    change({ narration: { ...storyOf().narration, url: '/api/media/s1-narration?expires=2&signature=d' } });
    expect(audio()).toBe(before);
    expect(audio().getAttribute('src')).toContain('expires=1');
  });
});

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

  test('is offered where none was recorded, and reads title and parts in their language', () => {
    open(failed);
    expect(screen.getByText('There is no voice this time. Your browser can read instead.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    expect(synthesis.spoken.map(({ text }) => text)).toEqual([storyOf().title, ...storyOf().parts]);
    expect(synthesis.spoken.every(({ lang }) => lang === 'de')).toBe(true);
  });

  test('lights the sentence where it tells which word it is at, and the whole part where it does not', () => {
    open(failed);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    act(() => utterance(0).onstart());
    expect(litTexts()).toEqual(['The Lamp on the Hill']);
    act(() => utterance(1).onstart());
    expect(litTexts().join('')).toBe('Mia saw a light. It was small.She went up the hill.');
    act(() => utterance(1).onboundary({ charIndex: 20 }));
    expect(litTexts()).toEqual(['It was small.']);
  });

  test('goes silent when it is told to, at its end, and when the page is left', () => {
    open(failed);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    act(() => utterance(0).onstart());
    const before = synthesis.cancelled;
    fireEvent.click(screen.getByRole('button', { name: 'Stop reading' }));
    expect(synthesis.cancelled).toBe(before + 1);
    // What the ended reading still says counts no more.
    act(() => utterance(1).onstart());
    expect(litTexts()).toEqual([]);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    act(() => utterance(5).onend());
    expect(screen.getByRole('button', { name: 'Read aloud' })).toBeTruthy();
    const left = synthesis.cancelled;
    cleanup();
    expect(synthesis.cancelled).toBe(left + 1);
  });

  test('goes silent where the recorded one is there after all', () => {
    const change = open(failed);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    act(() => utterance(0).onstart());
    const before = synthesis.cancelled;
    change({ language: 'de' });
    expect(audio()).toBeTruthy();
    expect(synthesis.cancelled).toBe(before + 1);
    expect(litTexts()).toEqual([]);
  });

  test('takes over where the recorded one cannot be played', () => {
    open();
    fireEvent.error(audio());
    expect(screen.getByText('There is no voice this time. Your browser can read instead.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Read aloud' })).toBeTruthy();
  });
});

test('where no voice can be had, the story is for reading', () => {
  vi.stubGlobal('speechSynthesis', undefined);
  open({ narration: { state: 'skipped' } });
  expect(screen.getByText('This one is for reading.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Read aloud' })).toBeNull();
});
