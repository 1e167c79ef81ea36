const blocks = 'p, li, h1, h2, h3, h4, h5, h6, th, td, .note';
/** What nobody would read out: code, and the second of the two forms that maths has in the page. */
const silent = 'pre, .katex-html, button, .sr-only';

/** What there is to hear of an answer as it is shown, sentence by sentence; code is left out. */
export function spokenSentences(answer: Element, language: string): readonly string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  const all = [...answer.querySelectorAll(`.answer-text :is(${blocks})`)];
  return all.flatMap((block) => {
    const text = ownText(block).replace(/\s+/g, ' ').trim();
    return Array.from(segmenter.segment(text), ({ segment }) => segment.trim()).filter((each) =>
      /[\p{L}\p{N}]/u.test(each),
    );
  });
}

/** Of a list item only what stands in itself: the blocks in it come by themselves. */
function ownText(block: Element): string {
  return [...block.childNodes]
    .map((node) => {
      if (!(node instanceof Element)) return node.textContent ?? '';
      return node.matches(`${blocks}, ul, ol, table`) || node.matches(silent)
        ? ''
        : node.matches('code')
          ? node.textContent
          : ownText(node);
    })
    .join('');
}
