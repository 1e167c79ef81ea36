import { Fragment, type ReactNode } from 'react';

/** What may mean something to the parser: marks, line ends, and addresses, which it makes links of by themselves. */
const marked = /[*_~`[\]<>&\\$|\n\r\t\0]|:\/\/|www\.|@/i;
/** How blocks that are no paragraph begin, as far as that is no mark. */
const begins = /^(?: {4}| {0,3}(?:[-+#]|\d{1,9}[.)]))/;

/**
 * A paragraph of nothing but words, as the parser would make it, element for element: most are, for as long as they grow, and it is
 * asked with every word. Undefined for any other block.
 */
export function plainParagraph(text: string, open: boolean): ReactNode | undefined {
  const words = withoutEnd(text);
  if (words === '' || marked.test(words) || begins.test(words)) return undefined;
  return (
    // biome-ignore lint/complexity/noUselessFragments: as the parser's root, so that it is the same paragraph when its first mark comes
    <Fragment>
      <p key="p-0" dir="auto">
        {words.replace(/^ +/, '')}
        {open && <span key="span-0" className="caret" />}
      </p>
    </Fragment>
  );
}

function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \n'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
