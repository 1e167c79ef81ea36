import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { ThemeChoice } from './theme-choice.tsx';

afterEach(cleanup);

test('goes from the system’s theme to light, dark and back, and keeps the choice', () => {
  render(<ThemeChoice />);
  const button = screen.getByRole('button');
  const chosen = () => [document.documentElement.dataset['theme'], localStorage.getItem('lamplight.theme')];
  expect(button.getAttribute('aria-label')).toBe('Theme: as the system. Change to light');
  fireEvent.click(button);
  expect(chosen()).toEqual(['light', 'light']);
  fireEvent.click(button);
  expect(chosen()).toEqual(['dark', 'dark']);
  fireEvent.click(button);
  expect(chosen()).toEqual([undefined, null]);
});
