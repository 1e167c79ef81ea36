import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Field } from './field.tsx';
import { TextAreaField } from './text-area-field.tsx';

afterEach(cleanup);

test.each([
  (value: string) => <Field label="Title" dir="auto" value={value} onValue={() => {}} />,
  (value: string) => <TextAreaField label="Title" value={value} onValue={() => {}} />,
])('reads as the page does until something is written, then as that does', (shown) => {
  const { rerender } = render(shown(''));
  expect(screen.getByRole('textbox').getAttribute('dir')).toBeNull();
  rerender(shown('قصة'));
  expect(screen.getByRole('textbox').getAttribute('dir')).toBe('auto');
});

test.each([
  [undefined, true],
  ['Too large.', undefined],
])('is marked as invalid where it has a problem, and where its form says so: %j', (problem, invalid) => {
  render(<Field label="Amount" value="x" onValue={() => {}} problem={problem} aria-invalid={invalid} />);
  expect(screen.getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
});
