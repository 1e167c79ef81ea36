import { type ComponentProps, memo, useMemo, useRef } from 'react';
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CopyButton } from '../../ui/copy-button.tsx';
import { splitBlocks } from './split-blocks.ts';

/** A node of the parsed answer (hast). */
type Element = NonNullable<ExtraProps['node']>;
type Parent = Pick<Element, 'children'>;

interface MarkdownProps {
  readonly text: string;
  /** The answer is still being written: the caret follows the text. */
  readonly open?: boolean;
}

/** Markdown, block by block: while an answer grows, only its open end is parsed again. Raw HTML shows as text. */
export function Markdown({ text, open = false }: MarkdownProps) {
  const blocks = useMemo(() => splitBlocks(text), [text]);
  return (
    <div className="answer-text">
      {blocks.map((block, index) => (
        // A block keeps its place for as long as it exists.
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block's identity
        <Block key={index} text={block} open={open && index === blocks.length - 1} />
      ))}
      {open && blocks.length === 0 && (
        <p>
          <span className="caret" />
        </p>
      )}
    </div>
  );
}

const remarkPlugins = [remarkGfm];
const closedPlugins: [] = [];
const openPlugins = [() => appendCaret];

const Block = memo(function Block({ text, open }: { readonly text: string; readonly open: boolean }) {
  return (
    <ReactMarkdown
      remarkPlugins={remarkPlugins}
      rehypePlugins={open ? openPlugins : closedPlugins}
      components={components}
    >
      {text}
    </ReactMarkdown>
  );
});

const caretHolders = new Set([
  'p',
  'li',
  'ul',
  'ol',
  'blockquote',
  'pre',
  'code',
  'table',
  'tbody',
  'tr',
  'td',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
]);

/** Puts the caret behind the last text, inside the innermost block that holds it. */
function appendCaret(root: Parent): void {
  let holder: Parent = root;
  let isInCodeBlock = false;
  for (;;) {
    const last: unknown = holder.children.findLast((child) => child.type === 'element');
    if (!isElement(last) || !caretHolders.has(last.tagName)) break;
    if (last.tagName === 'code' && !isInCodeBlock) break;
    isInCodeBlock = last.tagName === 'pre';
    holder = last;
  }
  holder.children.push({ type: 'element', tagName: 'span', properties: { className: ['caret'] }, children: [] });
}

const isElement = (node: unknown): node is Element =>
  typeof node === 'object' && node !== null && 'type' in node && node.type === 'element';

const components: Components = {
  a: ({ node: _, ...props }) => <a {...props} target="_blank" rel="noopener noreferrer" />,
  // A picture would tell its server who reads the answer, so only its address is offered.
  img: ({ src, alt }) =>
    typeof src === 'string' && src ? (
      <a href={src} target="_blank" rel="noopener noreferrer">
        {alt || 'Picture'}
      </a>
    ) : (
      <span>{alt}</span>
    ),
  pre: ({ node, ...props }) => <CodeBlock {...props} language={languageOf(node)} />,
  table: ({ node: _, ...props }) => (
    <div className="overflow-x-auto">
      <table {...props} />
    </div>
  ),
};

function languageOf(pre: Element | undefined): string {
  const code = pre?.children.find((child) => isElement(child));
  const names = isElement(code) ? code.properties['className'] : undefined;
  const name = Array.isArray(names) ? names.find((each) => String(each).startsWith('language-')) : undefined;
  return name === undefined ? '' : String(name).slice('language-'.length);
}

function CodeBlock({ language, ...props }: ComponentProps<'pre'> & { readonly language: string }) {
  const pre = useRef<HTMLPreElement>(null);
  return (
    <div className="rounded-control border border-line bg-sunken">
      <div className="-mb-2 flex h-10 items-center justify-between pr-0.5 pl-4 text-ink-soft text-small">
        <span>{language || 'code'}</span>
        <CopyButton what="code" text={() => pre.current?.textContent ?? ''} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, so the keyboard must reach it */}
      <pre {...props} ref={pre} tabIndex={0} />
    </div>
  );
}
