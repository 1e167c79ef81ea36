import { Lamp } from '../../../ui/lamp.tsx';

/** The caret of an answer that has been asked for and has not begun. It stands in the list's last space and moves nothing. */
export function AwaitedAnswer() {
  return (
    <div aria-hidden data-awaited className="relative mx-auto w-full max-w-3xl print:hidden">
      <div className="absolute start-4 bottom-1 flex animate-[fade_180ms] items-center gap-3">
        <Lamp className="size-5" />
        <span className="caret" />
      </div>
    </div>
  );
}
