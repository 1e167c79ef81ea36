import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Toasts } from '../../ui/toasts.tsx';
import { isNewerPage, loadNewerPage } from './newer-page.ts';
import { offerVersion } from './watch-versions.ts';
import { watchWorker } from './watch-worker.ts';

const own = '/assets/index-old.js';
const pageOf = (script: string) => `<script type="module" crossorigin src="${script}"></script>`;
const page = new DOMParser().parseFromString(pageOf(own), 'text/html');
const serves =
  (body: string, status = 200): typeof fetch =>
  async () =>
    new Response(body, { status });

beforeEach(() => sessionStorage.clear());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the page of the server', () => {
  test.each([
    ['the same', serves(pageOf(own)), false],
    ['another build', serves(pageOf('/assets/index-new.js')), true],
    ['an error', serves('away', 503), false],
    ['nothing', () => Promise.reject(new TypeError('Failed to fetch')), false],
  ])('is newer where it is another build: %s', async (_, ask, expected) => {
    expect(await isNewerPage(ask, page)).toBe(expected);
  });

  test('is not compared with a page that no build made', async () => {
    expect(await isNewerPage(serves('x'), new DOMParser().parseFromString('', 'text/html'))).toBe(false);
  });
});

describe('a part that could not be loaded', () => {
  test('loads the newer page once', async () => {
    const reload = vi.fn();
    await loadNewerPage(async () => true, page, sessionStorage, reload);
    await loadNewerPage(async () => true, page, sessionStorage, reload);
    expect(reload).toHaveBeenCalledOnce();
  });

  test('loads nothing again where there is no newer page', async () => {
    const reload = vi.fn();
    await loadNewerPage(async () => false, page, sessionStorage, reload);
    expect(reload).not.toHaveBeenCalled();
  });
});

class FakeWorker extends EventTarget {
  state = 'installing';
  readonly heard: unknown[] = [];
  postMessage(message: unknown): void {
    this.heard.push(message);
  }
}

describe('the service worker', () => {
  function watch({ isControlled = true, isNewer = true, waits = false } = {}) {
    const worker = new FakeWorker();
    const registration = Object.assign(new EventTarget(), {
      waiting: waits ? worker : null,
      installing: worker as FakeWorker | null,
      update: vi.fn(() => Promise.reject(new TypeError('Failed to fetch'))),
    });
    const workers = Object.assign(new EventTarget(), {
      controller: isControlled ? {} : null,
      register: vi.fn(async () => registration),
    });
    const onNew = vi.fn();
    const reload = vi.fn();
    const watched = watchWorker({
      workers: workers as unknown as ServiceWorkerContainer,
      page: document,
      isNewer: async () => isNewer,
      onNew,
      reload,
    });
    return { worker, workers, registration, onNew, reload, watched };
  }

  test('is asked for past every cache', async () => {
    const { workers, watched } = watch();
    await watched;
    expect(workers.register).toHaveBeenCalledWith('/sw.js', { updateViaCache: 'none' });
  });

  test('offers a new version that came while the page is open, and changes to it when asked', async () => {
    const { worker, workers, registration, onNew, reload, watched } = watch();
    await watched;
    registration.dispatchEvent(new Event('updatefound'));
    Object.assign(registration, { waiting: worker, installing: null });
    worker.state = 'installed';
    worker.dispatchEvent(new Event('statechange'));
    await vi.waitFor(() => expect(onNew).toHaveBeenCalledOnce());
    workers.dispatchEvent(new Event('controllerchange'));
    expect([worker.heard, reload.mock.calls]).toEqual([[], []]);
    onNew.mock.calls[0]?.[0]();
    expect(worker.heard).toEqual(['activate']);
    workers.dispatchEvent(new Event('controllerchange'));
    expect(reload).toHaveBeenCalledOnce();
  });

  test('loads the page again where another tab has changed to the new version meanwhile', async () => {
    const { worker, onNew, reload, watched } = watch({ waits: true });
    await watched;
    worker.state = 'activated';
    onNew.mock.calls[0]?.[0]();
    expect(reload).toHaveBeenCalledOnce();
  });

  test('offers one that waited already', async () => {
    const { onNew, watched } = watch({ waits: true });
    await watched;
    expect(onNew).toHaveBeenCalledOnce();
  });

  test.each([{ isControlled: false }, { isNewer: false }])(
    'offers nothing to a page that is new: %j',
    async (state) => {
      const { onNew, watched } = watch({ waits: true, ...state });
      await watched;
      expect(onNew).not.toHaveBeenCalled();
    },
  );

  test('is looked for when the page comes into sight, also without a network', async () => {
    const { registration, watched } = watch();
    await watched;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(registration.update).toHaveBeenCalled();
  });
});

test('the offer stays, says what is kept, and loads when taken', async () => {
  const load = vi.fn();
  render(<Toasts />);
  offerVersion(load);
  await screen.findByText('There is a new version of Lamplight');
  expect(load).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Load the new version' }));
  expect(load).toHaveBeenCalledOnce();
});
