import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const script = readFileSync(join(import.meta.dirname, '../public/start.js'), 'utf8');

/** As the browser runs it: before everything else. */
function run(language: string | null): void {
  if (language) localStorage.setItem('lamplight.language', language);
  new Function(script)();
}

beforeEach(() => {
  document.body.innerHTML = '<div id="root"></div>';
  localStorage.clear();
});
afterEach(() => Object.assign(document.documentElement, { lang: 'en', dir: 'ltr' }));

describe('a page that does not start', () => {
  test.each([
    ['en', 'Lamplight could not be loaded', 'Load it again'],
    ['de', 'Lamplight konnte nicht geladen werden', 'Neu laden'],
    ['es', 'No se pudo cargar Lamplight', 'Volver a cargar'],
    ['ar', 'تعذّر تحميل Lamplight', 'إعادة التحميل'],
    ['xx', 'Lamplight could not be loaded', 'Load it again'],
  ])('says so in the language that was chosen: %s', (language, title, verb) => {
    run(language);
    globalThis.lamplightNotStarted();
    globalThis.lamplightNotStarted();
    expect(document.querySelector('h1')?.textContent).toBe(title);
    expect([...document.querySelectorAll('button')].map(({ textContent }) => textContent)).toEqual([verb]);
    expect(document.documentElement.dir).toBe(language === 'ar' ? 'rtl' : 'ltr');
  });

  test('says so where its first script is not there', () => {
    run(null);
    const broken = document.createElement('script');
    broken.type = 'module';
    document.body.append(broken);
    broken.dispatchEvent(new Event('error'));
    expect(document.querySelector('[role=alert]')).toBeTruthy();
  });

  test('leaves a page alone that has started', () => {
    run(null);
    document.body.innerHTML = '<div id="root"><p>here</p></div>';
    globalThis.lamplightNotStarted();
    expect(document.querySelector('[role=alert]')).toBeNull();
  });
});
