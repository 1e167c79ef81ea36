import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useLayoutEffect } from 'react';
import { IconButton } from '../../ui/button.tsx';
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
}

export function Composer({ text, onText, onSend, onStop, box, children }: ComposerProps) {
  const problem = lengthProblem(text);
  const problemId = useId();
  const canSend = !onStop && !problem && text.trim() !== '';

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [box, text]);

  const pressed = (event: KeyboardEvent) => {
    // While characters are being composed (Japanese, Chinese …), Enter belongs to that.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (canSend) onSend();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (canSend) onSend();
      }}
      className="rounded-card border border-edge bg-surface shadow-raised transition-colors duration-120 focus-within:border-lamp-strong"
    >
      <textarea
        ref={box}
        aria-label="Message"
        aria-describedby={problem ? problemId : undefined}
        aria-invalid={problem !== undefined}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={pressed}
        rows={1}
        placeholder="Write a message"
        className="block max-h-[40dvh] w-full resize-none overflow-y-auto bg-transparent caret-lamp-strong px-4 pt-3.5 pb-1 text-[1rem] leading-6 outline-none"
      />
      {problem && (
        <p id={problemId} role="alert" className="px-4 pt-1 text-bad text-small">
          {problem}
        </p>
      )}
      <div className="flex min-h-12 items-center gap-2 py-1 pr-1.5 pl-2">
        <div className="flex min-w-0 flex-1 items-center">{children}</div>
        {onStop ? (
          <IconButton label="Stop" look="plain" size="round" onClick={onStop}>
            <Square className="size-3.5 fill-current" aria-hidden />
          </IconButton>
        ) : (
          <IconButton label="Send" look="lamp" type="submit" size="round" disabled={!canSend}>
            <ArrowUp className="size-5" aria-hidden />
          </IconButton>
        )}
      </div>
    </form>
  );
}
