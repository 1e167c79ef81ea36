import { cleanup, render, screen, waitFor } from '@testing-library/react';
import type { ComponentType } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { Later } from './later.tsx';

afterEach(cleanup);

type Greets = ComponentType<{ readonly name: string }>;
const Greeting: Greets = ({ name }) => <p>Hello {name}</p>;
const failed = new TypeError('Failed to fetch');

test('shows what was loaded, with what it is given', async () => {
  const load = async () => Greeting;
  const { rerender } = render(<Later load={load} props={{ name: 'Ada' }} onRefused={() => {}} />);
  await screen.findByText('Hello Ada');
  rerender(<Later load={load} props={{ name: 'Bo' }} onRefused={() => {}} />);
  expect(screen.getByText('Hello Bo')).toBeTruthy();
});

test('tells where it cannot be loaded, shows nothing, and tries again the next time', async () => {
  const refused = vi.fn();
  const load = vi.fn((): Promise<Greets> => Promise.reject(failed));
  const { container, unmount } = render(<Later load={load} props={{ name: 'Ada' }} onRefused={refused} />);
  await waitFor(() => expect(refused).toHaveBeenCalledOnce());
  expect(container.textContent).toBe('');
  unmount();
  load.mockResolvedValue(Greeting);
  render(<Later load={load} props={{ name: 'Ada' }} onRefused={refused} />);
  await screen.findByText('Hello Ada');
});

test('says nothing to whoever has gone on meanwhile', async () => {
  const refused = vi.fn();
  const gate = Promise.withResolvers<Greets>();
  const load = () => gate.promise;
  render(<Later load={load} props={{ name: 'Ada' }} onRefused={refused} />).unmount();
  gate.reject(failed);
  await gate.promise.catch(() => {});
  expect(refused).not.toHaveBeenCalled();
});
