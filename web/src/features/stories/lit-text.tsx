import { type Passage, paragraphsOf, piecesOf } from './passages.ts';

interface LitTextProps {
  readonly text: string;
  /** Which part of the story it is; -1: its title. */
  readonly part: number;
  /** What may be lit. */
  readonly passages: readonly Passage[];
  readonly lit: Passage | undefined;
}

/** The paragraphs of a part. What is being read is lit; nothing moves for it. */
export function LitParagraphs({ text, part, passages, lit }: LitTextProps) {
  const own = passages.filter((passage) => passage.part === part);
  return paragraphsOf(text).map((paragraph) => (
    <p key={paragraph.from}>
      <Pieces paragraph={paragraph} passages={own} lit={lit?.part === part ? lit : undefined} />
    </p>
  ));
}

/** The same for a line of text, such as the title. */
export function LitLine({ text, part, lit }: Omit<LitTextProps, 'passages'>) {
  return <span data-lit={lit?.part === part}>{text}</span>;
}

interface PiecesProps {
  readonly paragraph: { readonly from: number; readonly text: string };
  readonly passages: readonly Passage[];
  readonly lit: Passage | undefined;
}

function Pieces({ paragraph, passages, lit }: PiecesProps) {
  return piecesOf(paragraph, passages).map(({ from, text }) => {
    const isLit = lit !== undefined && from >= lit.from && from + text.length <= lit.to;
    return (
      <span key={from} data-lit={isLit}>
        {text}
      </span>
    );
  });
}
