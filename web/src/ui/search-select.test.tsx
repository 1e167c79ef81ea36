import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SearchSelect } from './search-select.tsx';

const options = [
  ['Africa/Cairo', 'Africa/Cairo'],
  ['America/New_York', 'America/New York'],
  ['Europe/Berlin', 'Europe/Berlin'],
] as const;
const onValue = vi.fn();

beforeEach(() => {
  onValue.mockReset();
  render(
    <SearchSelect
      label="Time zone"
      noMatch="Nothing has these words."
      value="Europe/Berlin"
      onValue={onValue}
      options={options}
    />,
  );
});
afterEach(cleanup);

const box = () => screen.getByRole('combobox', { name: 'Time zone' });
const write = (value: string) => fireEvent.change(box(), { target: { value } });
const press = (key: string) => fireEvent.keyDown(box(), { key });
const shown = () => screen.queryAllByRole('option').map(({ textContent }) => textContent);

describe('a choice that is searched', () => {
  test('shows what is chosen, and all options from there when it opens', () => {
    expect(box()).toHaveProperty('value', 'Europe/Berlin');
    expect(shown()).toEqual([]);
    fireEvent.click(box());
    expect(shown()).toHaveLength(3);
    const active = document.getElementById(box().getAttribute('aria-activedescendant') ?? '');
    expect(active?.textContent).toBe('Europe/Berlin');
  });

  test('finds by words in any order, with the keys', () => {
    write('york new');
    expect(shown()).toEqual(['America/New York']);
    press('Enter');
    expect(onValue).toHaveBeenCalledExactlyOnceWith('America/New_York');
    expect(shown()).toEqual([]);
  });

  test('goes round with the arrows', () => {
    press('ArrowDown');
    press('ArrowDown');
    press('Enter');
    expect(onValue).toHaveBeenCalledWith('Africa/Cairo');
    press('ArrowDown');
    press('ArrowUp');
    press('Enter');
    expect(onValue).toHaveBeenLastCalledWith('America/New_York');
  });

  test('is chosen by a click', () => {
    fireEvent.click(box());
    fireEvent.click(screen.getByRole('option', { name: 'Africa/Cairo' }));
    expect(onValue).toHaveBeenCalledWith('Africa/Cairo');
  });

  test('says that nothing was found, and chooses nothing', () => {
    write('atlantis');
    expect(screen.getByText('Nothing has these words.')).toBeTruthy();
    press('Enter');
    expect(onValue).not.toHaveBeenCalled();
  });

  test.each([
    ['Escape', () => press('Escape')],
    ['leaving it', () => fireEvent.blur(box())],
  ])('keeps what was chosen with %s', (_, leave) => {
    write('cairo');
    leave();
    expect(box()).toHaveProperty('value', 'Europe/Berlin');
    expect(onValue).not.toHaveBeenCalled();
  });
});
