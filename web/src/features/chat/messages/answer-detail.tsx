import { Info } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import type { Message } from '#contract/conversations.ts';
import { IconButton } from '../../../ui/button.tsx';
import { formatMoment, formatNumber } from '../../../ui/format.ts';
import { TraceId } from '../../../ui/trace-id.tsx';

/** How an answer came about: by which model, how much it took, when, and the ID that finds it in the logs. */
export function AnswerDetail({ message }: { readonly message: Message }) {
  const { t } = useTranslation('chat');
  const traceId = message.traceId ?? message.error?.traceId;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <IconButton label={t('message.detail')}>
          <Info className="size-4" aria-hidden />
        </IconButton>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t('message.detail')}
          className="z-10 w-72 max-w-[calc(100vw-1rem)] rounded-card border border-line bg-surface p-4 text-small shadow-raised data-[state=open]:animate-[fade_120ms]"
        >
          <Facts message={message} />
          {traceId && (
            <div className="mt-2 border-line border-t pt-1">
              <TraceId id={traceId} />
            </div>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** A component of its own: nothing is written while it is not shown. */
function Facts({ message }: { readonly message: Message }) {
  const { t } = useTranslation('chat');
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 tabular-nums">
      {factsOf(message, t).map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="text-end">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Fact {
  readonly name: string;
  readonly value: string;
}

type Say = ReturnType<typeof useTranslation<'chat'>>['t'];

function factsOf({ model, usage, createdAt, endedAt }: Message, t: Say): readonly Fact[] {
  const counted = (tokens: number) =>
    usage?.estimated ? t('message.about', { figure: formatNumber(tokens) }) : formatNumber(tokens);
  return [
    ...(model ? [{ name: t('message.model'), value: model }] : []),
    ...(usage ? [{ name: t('message.tokensRead'), value: counted(usage.inputTokens) }] : []),
    ...(usage ? [{ name: t('message.tokensWritten'), value: counted(usage.outputTokens) }] : []),
    ...(usage?.thinkingTokens ? [{ name: t('message.tokensThought'), value: counted(usage.thinkingTokens) }] : []),
    { name: t('message.answered'), value: formatMoment(endedAt ?? createdAt) },
    ...(endedAt ? [{ name: t('message.took'), value: timeBetween(createdAt, endedAt) }] : []),
  ];
}

function timeBetween(from: string, to: string): string {
  const milliseconds = Math.max(0, Date.parse(to) - Date.parse(from));
  const style = { style: 'unit', unitDisplay: 'short' } as const;
  if (milliseconds < 1000) return formatNumber(milliseconds, { ...style, unit: 'millisecond' });
  const digits = milliseconds < 10_000 ? 1 : 0;
  return formatNumber(milliseconds / 1000, { ...style, unit: 'second', maximumFractionDigits: digits });
}
