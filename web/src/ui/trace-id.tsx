import { Check, Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCopy } from './use-copy.ts';

/** The ID that finds an error in the logs, to copy into a report; shown whole where the browser refuses to copy. */
export function TraceId({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { result, copy } = useCopy();
  const isCopied = result === 'copied';
  return (
    <button
      type="button"
      onClick={() => copy(id)}
      aria-label={isCopied ? t('traceId.copied') : t('traceId.copy', { id })}
      title={id}
      className="inline-flex min-h-10 max-w-full items-center gap-1.5 rounded-control text-ink-soft text-small hover:text-ink"
    >
      {t('traceId.name')}{' '}
      <span
        dir="ltr"
        className={`text-start font-mono ${result === 'refused' ? 'break-all' : 'max-w-[10ch] truncate'}`}
      >
        {id}
      </span>
      {isCopied ? <Check className="size-3.5 text-good" aria-hidden /> : <Copy className="size-3.5" aria-hidden />}
    </button>
  );
}
