import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, memo, type ReactNode, type RefObject, useId, useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.tsx';
import { isComposing } from './is-composing.ts';
import { lengthProblem } from './message-length.ts';

interface ComposerProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  /** Present while an answer is being written: only one is made at a time. */
  readonly onStop?: (() => void) | undefined;
  readonly box: RefObject<HTMLTextAreaElement | null>;
  /** Stands at the lower left: what else can be chosen for the message. */
  readonly children?: ReactNode;
  /** Stands above the box, as wide as it. */
  readonly above?: ReactNode;
}

/** Browsers that do not know this are told the height, which takes laying out the page with every key. */
const growsByItself = globalThis.CSS?.supports?.('field-sizing', 'content') ?? false;

export function Composer({ text, onText, onSend, onStop, box, children, above }: ComposerProps) {
  const { t } = useTranslation('chat');
  const problem = lengthProblem(text);
  const problemId = useId();
  const canSend = !onStop && !problem && text.trim() !== '';

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || growsByItself) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [box, text]);

  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event.nativeEvent)) return;
    event.preventDefault();
    if (canSend) onSend();
  };
  return (
    <div className="relative">
      {above}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (canSend) onSend();
        }}
        className="rounded-card border border-edge bg-surface shadow-raised transition-colors duration-120 focus-within:border-lamp-strong"
      >
        <textarea
          ref={box}
          aria-label={t('composer.message')}
          aria-describedby={problem ? problemId : undefined}
          aria-invalid={problem !== undefined}
          value={text}
          // Nothing written has the direction of the page.
          dir={text ? 'auto' : undefined}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={pressed}
          rows={1}
          placeholder={t('composer.placeholder')}
          className="block field-sizing-content max-h-[40dvh] w-full resize-none overflow-y-auto bg-transparent caret-lamp-strong px-4 pt-3.5 pb-1 text-field outline-none"
        />
        {problem && (
          <p id={problemId} role="alert" className="px-4 pt-1 text-bad text-small">
            {problem}
          </p>
        )}
        <div className="flex min-h-12 items-center gap-2 py-1 pe-1.5 ps-2">
          <div className="flex min-w-0 flex-1 items-center">{children}</div>
          <SendOrStop canSend={canSend} onStop={onStop} />
        </div>
      </form>
    </div>
  );
}

/** Not drawn anew with every key. */
const SendOrStop = memo(function SendOrStop({
  canSend,
  onStop,
}: Pick<ComposerProps, 'onStop'> & { readonly canSend: boolean }) {
  const { t } = useTranslation('chat');
  return onStop ? (
    <IconButton label={t('composer.stop')} look="plain" size="round" onClick={onStop}>
      <Square className="size-3.5 fill-current" aria-hidden />
    </IconButton>
  ) : (
    <IconButton label={t('composer.send')} look="lamp" type="submit" size="round" disabled={!canSend}>
      <ArrowUp className="size-5" aria-hidden />
    </IconButton>
  );
});
