import { useEffect, useState } from 'react';
import { writeClipboard } from './write-clipboard.ts';

const shownMs = 2000;

export type Copying = 'copied' | 'refused' | undefined;

/** Copies text; `result` tells for a moment how that went (a browser may refuse it). */
export function useCopy(): { readonly result: Copying; readonly copy: (text: string) => void } {
  const [result, setResult] = useState<Copying>();
  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = (text: string) => {
    writeClipboard(text).then(
      () => setResult('copied'),
      () => setResult('refused'),
    );
  };
  return { result, copy };
}
