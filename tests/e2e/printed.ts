import { inflateSync } from 'node:zlib';

/** How many pieces of text each page of a PDF shows, as Chromium writes it: each page in one stream, which is packed. */
export function textsOfPages(pdf: Buffer): readonly number[] {
  const text = pdf.toString('latin1');
  const pages = text.matchAll(/\d+ 0 obj\s*<<\/Type \/Page\b(?!s)[\s\S]*?\/Contents (\d+) 0 R[\s\S]*?endobj/g);
  return Array.from(pages, ([, contents]) => {
    const object = text.indexOf(`\n${contents} 0 obj`);
    const start = text.indexOf('stream\n', object) + 'stream\n'.length;
    const drawn = inflateSync(pdf.subarray(start, text.indexOf('endstream', start))).toString('latin1');
    return drawn.match(/ Tj\b/g)?.length ?? 0;
  });
}
