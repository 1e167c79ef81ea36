import { ArrowDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../ui/button.tsx';
import { useNear } from '../use-near.ts';
import { AssistantMessage } from './assistant-message.tsx';
import type { MessageListProps } from './message-list.tsx';
import { type Row, rowsOf } from './message-rows.ts';
import { useMessageWindow } from './use-message-window.ts';
import { usePrinting } from './use-printing.ts';
import { UnsentMessage, UserMessage } from './user-message.tsx';

export { getReady, readAhead } from './markdown/read-ahead.ts';

// The list keeps its own place (`useMessageWindow`), so the browser must not.
const scrolls = 'h-full overflow-y-auto overscroll-contain [overflow-anchor:none] print:h-auto print:overflow-visible';
/** Earlier messages are asked for so far before they are seen, in CSS pixels. */
const aheadPx = 1200;

/** A conversation's messages. Only those near what is seen are in the page, however many there are; on paper all are. */
export function Messages({ listKey, thread, unsent, older, isBusy, onOlder }: MessageListProps) {
  const { t } = useTranslation('chat');
  const rows = rowsOf(thread, unsent);
  const isPrinting = usePrinting();
  const { scroller, list, virtualizer, atEnd, toEnd } = useMessageWindow(listKey, rows);
  const start = useNear(onOlder, older === 'there' && !isBusy, thread[0]?.id, aheadPx);
  const last = rows.length - 1;
  const size = older === 'none' ? rows.length : -1;
  return (
    <div className="relative min-h-0 flex-1">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div ref={scroller} data-scrolls tabIndex={0} className={scrolls}>
        <div ref={start} />
        {older === 'there' && (
          <p className="pt-6 text-center text-ink-soft text-small print:hidden">{t('message.loadingEarlier')}</p>
        )}
        {older === 'failed' && (
          <p className="flex justify-center pt-3 print:hidden">
            <Button look="quiet" onClick={onOlder}>
              {t('message.loadEarlier')}
            </Button>
          </p>
        )}
        <div
          ref={list}
          role="log"
          aria-label={t('message.list')}
          aria-live="off"
          className="relative mx-auto w-full max-w-3xl print:h-auto!"
        >
          {isPrinting
            ? rows.map((row, index) => (
                <div key={row.key} className="px-4 pt-6">
                  <RowView row={row} isLast={index === last} position={index + 1} size={size} />
                </div>
              ))
            : virtualizer.getVirtualItems().map(({ index, key }) => {
                const row = rows[index];
                return (
                  row && (
                    <div
                      key={key}
                      ref={virtualizer.measureElement}
                      data-index={index}
                      className="absolute inset-x-0 px-4 [contain:layout_style]"
                    >
                      <RowView row={row} isLast={index === last} position={index + 1} size={size} />
                    </div>
                  )
                );
              })}
        </div>
      </div>
      {!atEnd && (
        <div className="absolute bottom-3 left-1/2 -translate-x-1/2 animate-[fade_180ms] rounded-full shadow-raised print:hidden">
          <IconButton label={t('message.toEnd')} look="plain" size="round" onClick={toEnd}>
            <ArrowDown className="size-4.5" aria-hidden />
          </IconButton>
        </div>
      )}
    </div>
  );
}

interface RowViewProps {
  readonly row: Row;
  readonly isLast: boolean;
  readonly position: number;
  readonly size: number;
}

function RowView({ row, isLast, position, size }: RowViewProps) {
  if ('unsent' in row) return <UnsentMessage unsent={row.unsent} />;
  const { message } = row;
  return message.role === 'user' ? (
    <UserMessage message={message} position={position} size={size} />
  ) : (
    <AssistantMessage message={message} isLast={isLast} position={position} size={size} />
  );
}
