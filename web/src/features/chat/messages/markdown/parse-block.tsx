import type { ComponentProps, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { linkAddress, ownPicture } from './addresses.ts';
import { CodeBlock } from './code-block.tsx';
import { Maths } from './maths.tsx';
import { withMaths } from './maths-marks.ts';
import { Picture } from './picture.tsx';
import { plainParagraph } from './plain-paragraph.tsx';
import { PlainText } from './plain-text.tsx';
import { RecentTexts } from './recent-texts.ts';
import { steadyTail } from './steady-tail.ts';
import { TableFrame } from './table-frame.tsx';
import { type Element, isElement, notesInPlace, onlyParts, ownDirections, withCaret, withoutHtml } from './tree.ts';

/** A longer one is nobody's paragraph, and there are texts that take the parser as long as their length squared. */
const mostCharacters = 5_000;
/** Each mark of emphasis is compared with those before it; nobody's paragraph has so many. */
const mostMarks = 400;

/** As many as HTML lets a cell reach over. */
const mostColumns = 1_000;

export interface Part {
  readonly text: string;
  readonly definitions: string;
  /** The answer is still being written: the caret follows the text. */
  readonly open: boolean;
  /** Before each piece of a table: its head. */
  readonly head?: string;
  /** Only these of what comes of it. */
  readonly only?: 'li' | 'tr' | 'thead';
}

/** What was read lately, in characters: a conversation that is prepared, or the one before it, is not read twice. */
const mostKept = 15_000;
const kept = new RecentTexts<ReactNode>(mostKept);

/** One block of Markdown as elements; one that the parser cannot take stands as it is. */
export function parseBlock(part: Part): ReactNode {
  if (part.open || part.only) return parse(part);
  const key = `${part.definitions}\n${part.text}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const parsed = parse(part);
  kept.set(key, parsed);
  return parsed;
}

function parse(part: Part): ReactNode {
  const { text, definitions, open, head = '', only } = part;
  if (text.length > mostCharacters || (text.match(/[*_~]+/g)?.length ?? 0) > mostMarks) return asItStands(part);
  const steady = open ? steadyTail(text) : text;
  // What may still become anything shows as nothing.
  if (open && !only && steady.trim() === '') return <LoneCaret />;
  const plain = only ? undefined : plainParagraph(steady, open);
  if (plain !== undefined) return plain;
  const whole = `${head}${withMaths(steady)}${definitions && `\n\n${definitions}`}`;
  try {
    return ReactMarkdown({
      children: whole,
      remarkPlugins,
      rehypePlugins: [...(open ? [withCaret] : []), ownDirections, ...(only ? [onlyParts(only)] : [])],
      components,
      urlTransform: asItIs,
    });
  } catch {
    // Nested deeper than the stack, or than anybody reads.
    return asItStands(part);
  }
}

/** Inside what stands around it: a table and a list hold nothing else. */
function asItStands({ text, open, only }: Part): ReactNode {
  const plain = <PlainText text={text} open={open} />;
  if (!only) return plain;
  if (only === 'li') return <li>{plain}</li>;
  const row = (
    <tr>
      <td colSpan={mostColumns}>{plain}</td>
    </tr>
  );
  return only === 'tr' ? row : <thead>{row}</thead>;
}

export const LoneCaret = () => (
  <p>
    <span className="caret" />
  </p>
);

const remarkPlugins: ComponentProps<typeof ReactMarkdown>['remarkPlugins'] = [
  remarkGfm,
  [remarkMath, { singleDollarTextMath: false }],
  withoutHtml,
  notesInPlace,
];

/** Links and pictures judge their addresses themselves. */
const asItIs = (address: string): string => address;

const components: Components = {
  // The page has a heading of its own above an answer.
  h1: ({ node: _, ...props }) => <h2 {...props} />,
  h2: ({ node: _, ...props }) => <h3 {...props} />,
  h3: ({ node: _, ...props }) => <h4 {...props} />,
  h4: ({ node: _, ...props }) => <h5 {...props} />,
  h5: ({ node: _, ...props }) => <h6 {...props} />,
  a: ({ href, children, title }) => <Link href={href} title={title} name={children} />,
  img: ({ src, alt }) => {
    const address = typeof src === 'string' ? src : undefined;
    const own = ownPicture(address);
    return own ? <Picture src={own} alt={alt ?? ''} /> : <Link href={address} name={alt} />;
  },
  input: ({ checked = false }) => <TaskBox isDone={checked} />,
  pre: ({ node, children }) => {
    const code = node?.children.find((child) => isElement(child));
    if (!isElement(code)) return <pre>{children}</pre>;
    const text = textOf(code);
    if (classesOf(code).includes('math-display')) return <Maths tex={text} isDisplay />;
    return <CodeBlock code={text} language={languageOf(code)} open={hasCaret(code)} />;
  },
  code: ({ node, children }) =>
    classesOf(node).includes('math-inline') ? <Maths tex={textOf(node)} /> : <code dir="auto">{children}</code>,
  table: ({ node: _, ...props }) => (
    <TableFrame>
      <table {...props} />
    </TableFrame>
  ),
};

interface LinkProps {
  readonly href: string | undefined;
  readonly title?: string | undefined;
  readonly name: ReactNode;
}

function Link({ href, title, name }: LinkProps) {
  const address = linkAddress(href);
  if (!address) return <span>{name}</span>;
  return (
    <a href={address} title={title} target="_blank" rel="noopener noreferrer">
      {name || address}
    </a>
  );
}

/** The box of a task, which only shows. */
function TaskBox({ isDone }: { readonly isDone: boolean }) {
  const { t } = useTranslation('chat');
  return <input type="checkbox" checked={isDone} disabled aria-label={t(isDone ? 'markdown.done' : 'markdown.toDo')} />;
}

const classesOf = (node: Element | undefined): readonly unknown[] => {
  const names = node?.properties['className'];
  return Array.isArray(names) ? names : [];
};

function languageOf(code: Element): string {
  const name = classesOf(code).find((each) => String(each).startsWith('language-'));
  return name === undefined ? '' : String(name).slice('language-'.length);
}

const hasCaret = (code: Element): boolean => code.children.some((child) => isElement(child));

const textOf = (node: Element | undefined): string =>
  node?.children
    .map((child) => (child.type === 'text' ? child.value : isElement(child) ? textOf(child) : ''))
    .join('') ?? '';
