import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { afterTimeout } from '../../../../api/timers.ts';
import { layOutSoon } from '../../../../ui/before-frame.ts';
import { whenIdle } from '../../../../ui/when-idle.ts';
import { framesOf, type Run, runsByFrame } from './code-runs.ts';
import { Highlighter } from './highlighter.ts';

const start = () => new Worker(new URL('./highlight-worker.ts', import.meta.url), { type: 'module' });

/** One for the page: its worker starts with the first code that is shown. */
const shared = new Highlighter({ start, after: afterTimeout });

export interface Frame {
  readonly text: string;
  readonly runs: readonly Run[] | undefined;
}

/** Code in frames, which get their colours one by one while the page has nothing else to do, once it is `complete`. */
export function useHighlight(code: string, language: string, complete: boolean): readonly Frame[] {
  const frames = useMemo(() => framesOf(code), [code]);
  const [coloured, setColoured] = useState(() =>
    complete ? colouredAs(code, shared.known(code, language)) : undefined,
  );
  const runs = coloured?.code === code ? coloured.byFrame : undefined;
  const [shown, setShown] = useState(runs?.length ?? 0);
  useEffect(() => {
    if (!complete || runs || typeof Worker === 'undefined') return;
    let isGone = false;
    const forget = whenIdle(() => {
      void shared.highlight(code, language).then((found) => {
        if (!isGone && found) setColoured(colouredAs(code, found));
      });
    });
    return () => {
      isGone = true;
      forget();
    };
  }, [code, language, complete, runs]);
  useEffect(() => {
    if (runs && shown < runs.length) return whenIdle(() => setShown(shown + 1));
    return undefined;
  }, [runs, shown]);
  useLayoutEffect(() => {
    if (shown > 0) layOutSoon();
  }, [shown]);
  return frames.map((text, index) => ({ text, runs: index < shown ? runs?.[index] : undefined }));
}

const colouredAs = (code: string, runs: readonly Run[] | undefined) =>
  runs && { code, byFrame: runsByFrame(framesOf(code), runs) };
