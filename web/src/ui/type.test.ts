import { afterEach, expect, test, vi } from 'vitest';
import { layOutAsTypeArrives, loadType } from './type.ts';

/** As the page's own set: faces in any state, that tells when one of them begins to load, and not of further ones. */
function fontsOfPage() {
  const faces: Array<{ status: string; readonly loaded: Promise<void>; arrive: () => void; fail: () => void }> = [];
  const fonts = Object.assign(new EventTarget(), {
    [Symbol.iterator]: () => faces[Symbol.iterator](),
    load: vi.fn((font: string) => (font === 'gone' ? Promise.reject(new Error('Gone.')) : Promise.resolve([]))),
  });
  const begin = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const face = { status: 'loading', loaded: promise, arrive: resolve, fail: () => reject(new Error('Gone.')) };
    faces.push(face);
    return face;
  };
  Object.defineProperty(document, 'fonts', { value: fonts, configurable: true });
  return { fonts, begin };
}

afterEach(() => {
  Reflect.deleteProperty(document, 'fonts');
  vi.restoreAllMocks();
});

test('the page is laid out for type that is told of, and for what began meanwhile, even where it could not be had', async () => {
  const { fonts, begin } = fontsOfPage();
  const laidOut = vi.spyOn(document.body, 'getBoundingClientRect');
  const times = (count: number) => vi.waitFor(() => expect(laidOut).toHaveBeenCalledTimes(count));
  layOutAsTypeArrives();
  const first = begin();
  fonts.dispatchEvent(new Event('loading'));
  await times(1);
  const second = begin();
  first.arrive();
  await times(2);
  second.fail();
  await times(3);
});

test('type that cannot be had stops nobody', async () => {
  const { fonts } = fontsOfPage();
  await loadType(['1em There', 'gone']);
  expect(fonts.load.mock.calls.map(([font]) => font)).toEqual(['1em There', 'gone']);
  Reflect.deleteProperty(document, 'fonts');
  await loadType(['1em There']);
});
