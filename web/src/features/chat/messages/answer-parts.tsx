import { ChevronRight } from 'lucide-react';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '#contract/conversations.ts';
import type { AnswerPart } from '../../../api/answer.ts';
import { emptyRope, type Rope, textOf } from '../../../api/rope.ts';
import { useAnswer } from '../live/use-store.ts';
import { Markdown } from './markdown/markdown.tsx';
import { useDrawn } from './use-drawn.ts';

const none = '';

/**
 * What an answer says, while it is written and after: the same elements, so that nothing is drawn anew at its end.
 */
export function AnswerParts({ message }: { readonly message: Message }) {
  const { open, parts } = useDrawn(useSaid(message));
  const last = parts.at(-1);
  return (
    <>
      {parts.map((part, index) =>
        part.kind === 'thinking' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part keeps its place
          <Thinking key={index} text={part.text} open={open && part === last} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part keeps its place
          <Markdown key={index} text={part.text} open={open && part === last} />
        ),
      )}
      {open && last?.kind !== 'text' && <Markdown key={parts.length} text={emptyRope} open />}
    </>
  );
}

interface Said {
  readonly open: boolean;
  readonly parts: readonly AnswerPart[];
}

function useSaid(message: Message): Said {
  const open = message.status === 'running';
  const answer = useAnswer(open ? (message.runId ?? none) : none);
  const parts = useMemo(() => (open ? answer.parts : partsOf(message)), [open, answer, message]);
  return useMemo(() => ({ open, parts }), [open, parts]);
}

const partsOf = ({ parts, text }: Message): readonly AnswerPart[] =>
  (parts ?? (text ? [{ kind: 'text' as const, text }] : [])).map((part) => ({ ...part, text: [part.text] }));

const Thinking = memo(function Thinking({ text, open }: { readonly text: Rope; readonly open: boolean }) {
  const { t } = useTranslation('chat');
  return (
    <details className="group/thinking">
      <summary className="-mx-2 inline-flex min-h-10 list-none items-center gap-1 rounded-control px-2 text-ink-soft text-small hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight
          className="size-4 transition-transform duration-120 group-open/thinking:rotate-90 rtl:-scale-x-100 rtl:group-open/thinking:-rotate-90"
          aria-hidden
        />
        {open ? t('message.thinking') : t('message.thought')}
      </summary>
      <div dir="auto" className="mt-1 whitespace-pre-wrap border-line border-s-2 ps-4 text-ink-soft text-small">
        {textOf(text)}
      </div>
    </details>
  );
});
