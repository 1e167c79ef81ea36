import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { storyOf } from './stories.fixture.tsx';
import { audio, breakFor, litTexts, openReading, timePasses } from './story-reading.fixture.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the voice', () => {
  test('lights what it reads, sentence by sentence, and nothing in a pause', () => {
    openReading();
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
    openReading();
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
    openReading({ narration: { state: 'pending' } });
    expect(screen.getByText('The voice is being recorded. You can read meanwhile.')).toBeTruthy();
  });

  test('that goes on while its address is signed anew is not cut off', () => {
    const change = openReading();
    const before = audio();
    change({ narration: { ...storyOf().narration, url: '/api/media/s1-narration?expires=2&signature=d' } });
    expect(audio()).toBe(before);
    expect(audio().getAttribute('src')).toContain('expires=1');
  });
});

describe('a voice that breaks off', () => {
  /** As it is while it plays, at a time. */
  const playing = (seconds: number) => {
    const element = audio();
    const play = vi.spyOn(element, 'play').mockResolvedValue();
    fireEvent.play(element);
    element.currentTime = seconds;
    fireEvent.timeUpdate(element);
    return { element, play };
  };
  /** As Chrome tells it: what breaks is paused. */
  const breakOff = (element: HTMLAudioElement) => {
    const error = vi.spyOn(element, 'error', 'get').mockReturnValue({} as MediaError);
    fireEvent.pause(element);
    fireEvent.error(element);
    error.mockRestore();
  };
  /** As a browser does whenever an address is set. */
  const rewound = (element: HTMLAudioElement) => {
    const set = vi.spyOn(element, 'src', 'set').mockImplementation(() => {
      element.currentTime = 0;
    });
    return () => set.mock.calls.map(([address]) => address);
  };

  test('goes on by itself where it was, and the line beside it stays', () => {
    openReading();
    const { element, play } = playing(61);
    const loaded = rewound(element);
    breakOff(element);
    expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
    timePasses();
    expect(audio()).toBe(element);
    expect(loaded()).toEqual([storyOf().narration.url]);
    expect(element.currentTime).toBe(61);
    expect(play).toHaveBeenCalledOnce();
    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).toBe('1:01 of 3:07');
    expect(screen.queryByText(/There is no voice/)).toBeNull();
  });

  test('goes on where it was from another address', () => {
    const change = openReading();
    const { element, play } = playing(61);
    const loaded = rewound(element);
    const url = '/api/media/s1-narration?expires=2&signature=d';
    breakOff(element);
    change({ narration: { ...storyOf().narration, url } });
    expect(audio()).toBe(element);
    expect(loaded()).toEqual([url]);
    expect(element.currentTime).toBe(61);
    expect(play).toHaveBeenCalledOnce();
  });

  test('for long is said to be missing; it is back where it was, silent, once it can be loaded', () => {
    openReading();
    const { element, play } = playing(61);
    breakFor(audio);
    expect(screen.getByText(/There is no voice this time/)).toBeTruthy();
    expect(screen.queryByRole('slider')).toBeNull();
    play.mockClear();
    timePasses();
    fireEvent.loadedMetadata(element);
    expect(screen.queryByText(/There is no voice this time/)).toBeNull();
    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).toBe('1:01 of 3:07');
    expect(screen.getByRole('button', { name: 'Listen' })).toBeTruthy();
    expect(element.currentTime).toBe(61);
    expect(play).not.toHaveBeenCalled();
  });

  test('is stopped while it is silent, and stays so', () => {
    openReading();
    const { element, play } = playing(61);
    breakOff(element);
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    timePasses();
    fireEvent.loadedMetadata(element);
    expect(screen.getByRole('button', { name: 'Listen' })).toBeTruthy();
    expect(play).not.toHaveBeenCalled();
  });

  test('is loaded at once where it is asked for', () => {
    openReading();
    const element = audio();
    const play = vi.spyOn(element, 'play').mockResolvedValue();
    const loaded = rewound(element);
    vi.spyOn(element, 'error', 'get').mockReturnValue({} as MediaError);
    fireEvent.error(element);
    fireEvent.click(screen.getByRole('button', { name: 'Listen' }));
    expect(loaded()).toEqual([storyOf().narration.url]);
    expect(play).toHaveBeenCalledOnce();
  });
});
