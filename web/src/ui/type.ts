import { layOutSoon } from './before-frame.ts';

/**
 * Loads type that will be needed, each as CSS names a font (`italic 1em Name`); of one that has a file for each alphabet, those that
 * a text needs. Where it cannot be had, the browser sets text in what it has.
 */
export async function loadType(fonts: readonly string[], text?: string): Promise<void> {
  if (document.fonts) await Promise.allSettled(fonts.map((font) => document.fonts.load(font, text)));
}

/** Has the page, all of which is laid out anew for type that arrives, laid out then in a task of its own. */
export function layOutAsTypeArrives(): void {
  const awaited = new WeakSet<FontFace>();
  const arrived = () => {
    layOutSoon();
    // Others may have begun since, of which nothing is told while one is on its way.
    for (const face of document.fonts) {
      if (face.status !== 'loading' || awaited.has(face)) continue;
      awaited.add(face);
      face.loaded.then(arrived, arrived);
    }
  };
  // What comes quickly is there by the time that its beginning is told.
  document.fonts?.addEventListener('loading', arrived);
}
