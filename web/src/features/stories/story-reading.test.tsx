import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { storyOf } from './stories.fixture.tsx';
import { breakFor, openReading, timePasses } from './story-reading.fixture.tsx';

afterEach(cleanup);

describe('a story', () => {
  test('shows its title, whom it is for, its text in paragraphs, and its moral', () => {
    openReading();
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
    openReading({ moderation: 'none' });
    expect(screen.getByText(/No moderation is active/)).toBeTruthy();
  });

  test('in Arabic is read from the right, while the words around it stay those of the page', () => {
    openReading({ language: 'ar' });
    for (const part of ['.story-text', '.story-head h1']) {
      expect(document.querySelector(part)?.closest('[lang="ar"]')?.getAttribute('dir')).toBe('rtl');
    }
    expect(screen.getByText('For Mia').getAttribute('lang')).toBe('en');
    expect(screen.getByText('For Mia').tagName).toBe('BDI');
  });

  test('is set as large as was chosen, also the next time', () => {
    localStorage.clear();
    openReading();
    const article = () => screen.getByRole('article').dataset['size'];
    expect(article()).toBe('medium');
    fireEvent.click(screen.getByRole('radio', { name: 'Large' }));
    expect(article()).toBe('large');
    cleanup();
    openReading();
    expect(article()).toBe('large');
    expect(screen.getByRole('radio', { name: 'Large' })).toHaveProperty('checked', true);
  });

  test('can be set larger where the browser keeps nothing', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new Error('refused');
    });
    openReading();
    fireEvent.click(screen.getByRole('radio', { name: 'Very large' }));
    expect(screen.getByRole('article').dataset['size']).toBe('larger');
    vi.restoreAllMocks();
    localStorage.clear();
  });
});

describe('the picture', () => {
  const box = () => document.querySelector('.story-cover > div');

  test('is awaited in its place, taken in when it is there, and told in words', () => {
    const change = openReading({ picture: { state: 'pending' } });
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
    openReading({ picture });
    if (why === 'cannot be loaded') breakFor(() => screen.getByRole('img'));
    expect(screen.getByText('There is no picture this time. The story is all there.')).toBeTruthy();
    expect(screen.queryByRole('img')).toBeNull();
  });

  test('that could not be loaded is shown once it can', () => {
    openReading();
    breakFor(() => screen.getByRole('img'));
    timePasses();
    fireEvent.load(screen.getByRole('img', { hidden: true }));
    expect(screen.getByRole('img').className).not.toContain('opacity-0');
    expect(screen.queryByText(/There is no picture/)).toBeNull();
  });

  test('stays the same where its address is only signed anew', () => {
    const change = openReading();
    const url = '/api/media/s1-picture?expires=2&signature=c';
    change({ picture: { state: 'ready', url } });
    expect(screen.getByRole('presentation').getAttribute('src')).toContain('expires=1');
    fireEvent.error(screen.getByRole('presentation'));
    expect(screen.getByRole('presentation').getAttribute('src')).toBe(url);
  });
});
