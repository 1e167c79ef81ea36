import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import type { Run } from './code-runs.ts';
import { useHighlight } from './use-highlight.ts';

interface CodeBlockProps {
  readonly code: string;
  /** As it was named; empty where it was not. */
  readonly language: string;
  readonly open: boolean;
}

export function CodeBlock({ code, language, open }: CodeBlockProps) {
  const { t } = useTranslation('chat');
  const frames = useHighlight(code, language.toLowerCase(), !open);
  return (
    <div dir="ltr" className="rounded-control border border-line bg-sunken print:break-inside-avoid">
      <div className="-mb-2 flex h-10 items-center justify-between pe-0.5 ps-4 text-ink-soft text-small">
        <span className="truncate">{language || t('markdown.code')}</span>
        <CopyButton label={t('markdown.copyCode')} text={() => code} className="print:hidden" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, so the keyboard must reach it */}
      <pre tabIndex={0}>
        <code>
          {frames.map(({ text, runs }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a frame keeps its place
            <Frame key={index} text={text} runs={runs} />
          ))}
          {open && <span className="caret" />}
        </code>
      </pre>
    </div>
  );
}

interface FrameProps {
  readonly text: string;
  readonly runs: readonly Run[] | undefined;
}

const Frame = memo(function Frame({ text, runs }: FrameProps) {
  return (
    <span>
      {runs
        ? runs.map(([piece, ink], index) =>
            ink ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a run keeps its place
              <span key={index} className={`code-${ink}`}>
                {piece}
              </span>
            ) : (
              piece
            ),
          )
        : text}
    </span>
  );
});
