import { cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { ErrorBoundary } from './error-boundary.tsx';

beforeEach(() => {
  // React reports what the boundary caught; that is expected here.
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function Broken({ error }: { readonly error: unknown }): never {
  throw error;
}

test('shows what it holds', () => {
  render(<ErrorBoundary>all is well</ErrorBoundary>);
  expect(screen.getByText('all is well')).toBeTruthy();
});

test('says that the page broke, with the trace ID where one is known', () => {
  const error = new ApiError({ code: 'internal', message: 'No.', traceId: 'abcdef0123456789' });
  render(
    <ErrorBoundary>
      <Broken error={error} />
    </ErrorBoundary>,
  );
  expect(screen.getByText('This page could not be shown')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Copy trace ID abcdef0123456789' })).toBeTruthy();
});

test('needs no trace ID', () => {
  render(
    <ErrorBoundary>
      <Broken error={undefined} />
    </ErrorBoundary>,
  );
  expect(screen.getByRole('button', { name: 'Load it again' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: /trace/ })).toBeNull();
});

test('of a part leaves what is around it, and tries again where the address changes', () => {
  const show = (area: string, child: ReactNode) => (
    <>
      <nav>conversations</nav>
      <ErrorBoundary area={area}>{child}</ErrorBoundary>
    </>
  );
  const { rerender } = render(show('/stories', <Broken error={new Error('No.')} />));
  expect(screen.getByText('This page could not be shown')).toBeTruthy();
  expect(screen.getByText('conversations')).toBeTruthy();
  rerender(show('/stories', 'all is well'));
  expect(screen.queryByText('all is well')).toBeNull();
  rerender(show('/schedules', 'all is well'));
  expect(screen.getByText('all is well')).toBeTruthy();
});
