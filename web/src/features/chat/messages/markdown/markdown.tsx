import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { Rope } from '../../../../api/rope.ts';
import { CodeBlock } from './code-block.tsx';
import { type Block, type Reading, readBlocks } from './definitions.ts';
import { fenceIn, isOpenMaths } from './fence.ts';
import { LoneCaret, type Part, parseBlock } from './parse-block.tsx';
import { type Pieces, piecesOf } from './pieces.ts';
import { inStretches } from './stretches.ts';
import { TableFrame } from './table-frame.tsx';

interface MarkdownProps {
  readonly text: Rope;
  /** The answer is still being written: the caret follows the text. */
  readonly open?: boolean;
}

/** Markdown, block by block: while an answer grows, only its open end is parsed again. Raw HTML shows as text. */
export function Markdown({ text, open = false }: MarkdownProps) {
  const stretches = useStretches(text);
  // Blocks that were seen as they came keep their sizes; those of an answer that is opened have none yet.
  const [wasSeenGrowing] = useState(open);
  return (
    <div className={wasSeenGrowing ? 'answer-text grown' : 'answer-text'}>
      {stretches.map((blocks, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stretch keeps its place for as long as it exists
        <Stretch key={index} blocks={blocks} open={open && index === stretches.length - 1} />
      ))}
      {open && stretches.length === 0 && <LoneCaret />}
    </div>
  );
}

type Stretches = ReadonlyArray<readonly Block[]>;

function useStretches(text: Rope): Stretches {
  const before = useRef<{ readonly reading: Reading; readonly stretches: Stretches }>(undefined);
  const now = useMemo(() => {
    const reading = readBlocks(text, before.current?.reading);
    return { reading, stretches: inStretches(reading.blocks, before.current?.stretches) };
  }, [text]);
  useEffect(() => {
    before.current = now;
  }, [now]);
  return now.stretches;
}

/** About how high a block is. */
const blockRem = 6;

interface StretchProps {
  readonly blocks: readonly Block[];
  readonly open: boolean;
}

const Stretch = memo(function Stretch({ blocks, open }: StretchProps) {
  // By guess, until it has been seen. Not by a variable, which all that is in it would have to be styled anew for.
  const style = { containIntrinsicBlockSize: `auto ${blocks.length * blockRem}rem` };
  return (
    <div className="answer-stretch" style={style}>
      {blocks.map((block, index) => (
        <BlockView
          // A block keeps its place for as long as it exists.
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block's identity
          key={index}
          text={block.text}
          definitions={block.definitions}
          open={open && index === blocks.length - 1}
        />
      ))}
    </div>
  );
});

const BlockView = memo(function BlockView({ text, definitions, open }: Part) {
  const fence = fenceIn(text);
  if (fence) return <CodeBlock {...fence} open={open} />;
  if (open && isOpenMaths(text)) {
    return (
      <p className="maths-source" dir="ltr">
        {text.trim()}
        <span className="caret" />
      </p>
    );
  }
  const pieces = piecesOf(text);
  if (pieces) return <LongBlock pieces={pieces} definitions={definitions} open={open} />;
  return parseBlock({ text, definitions, open });
});

interface LongBlockProps {
  readonly pieces: Pieces;
  readonly definitions: string;
  readonly open: boolean;
}

function LongBlock({ pieces: { kind, start, hasTasks, head, texts }, definitions, open }: LongBlockProps) {
  const views = texts.map((text, index) => (
    <PieceView
      // biome-ignore lint/suspicious/noArrayIndexKey: a piece keeps its place
      key={index}
      text={text}
      head={head}
      definitions={definitions}
      open={open && index === texts.length - 1}
      only={kind === 'table' ? 'tr' : 'li'}
    />
  ));
  if (kind === 'table') {
    return (
      <TableFrame>
        <table>
          <PieceView text={head} definitions={definitions} open={false} only="thead" />
          <tbody>{views}</tbody>
        </table>
      </TableFrame>
    );
  }
  const className = hasTasks ? 'contains-task-list' : undefined;
  return start === undefined ? (
    <ul dir="auto" className={className}>
      {views}
    </ul>
  ) : (
    <ol dir="auto" start={start} className={className}>
      {views}
    </ol>
  );
}

const PieceView = memo(function PieceView(part: Part) {
  return parseBlock(part);
});
