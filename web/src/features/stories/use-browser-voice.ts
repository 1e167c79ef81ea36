import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Passage, sentencesOf } from './passages.ts';

interface BrowserVoiceOptions {
  readonly title: string | undefined;
  readonly parts: readonly string[];
  readonly language: string;
  /** Something else reads: it goes silent. */
  readonly isReplaced: boolean;
}

export interface BrowserVoice {
  /** False where this browser cannot read aloud. */
  readonly isThere: boolean;
  readonly isReading: boolean;
  /** What can be lit: sentences. */
  readonly passages: readonly Passage[];
  readonly lit: Passage | undefined;
  /** Begins at the title; or goes silent. */
  readonly toggle: () => void;
}

/**
 * The story read by the browser itself (Web Speech API). Where its voice tells which word it is at, the sentence is lit; else the whole
 * part that is read.
 */
export function useBrowserVoice({ title, parts, language, isReplaced }: BrowserVoiceOptions): BrowserVoice {
  const [lit, setLit] = useState<Passage>();
  const [isReading, setReading] = useState(false);
  /** Which reading the events belong to: those of one that was ended come late. */
  const reading = useRef(0);
  const passages = useMemo(() => parts.flatMap((part, index) => sentencesOf(part, index, language)), [parts, language]);
  const silence = useCallback(() => {
    reading.current += 1;
    browserSynthesis()?.cancel();
    setReading(false);
    setLit(undefined);
  }, []);
  useEffect(() => () => browserSynthesis()?.cancel(), []);
  useEffect(() => {
    if (isReplaced) silence();
  }, [isReplaced, silence]);

  const read = () => {
    const synthesis = browserSynthesis();
    if (!synthesis) return;
    silence();
    const current = reading.current;
    const whenCurrent = (act: () => void) => () => {
      if (reading.current === current) act();
    };
    const texts = [...(title ? [{ text: title, part: -1 }] : []), ...parts.map((text, part) => ({ text, part }))];
    for (const { text, part } of texts) {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = language;
      utterance.onstart = whenCurrent(() => setLit({ part, from: 0, to: text.length }));
      utterance.onboundary = ({ charIndex }) =>
        whenCurrent(() => {
          const sentence = passages.find((each) => each.part === part && charIndex >= each.from && charIndex < each.to);
          if (sentence) setLit(sentence);
        })();
      utterance.onerror = whenCurrent(silence);
      if (part === parts.length - 1) utterance.onend = whenCurrent(silence);
      synthesis.speak(utterance);
    }
    setReading(true);
  };
  return { isThere: browserSynthesis() !== undefined, isReading, passages, lit, toggle: isReading ? silence : read };
}

/** Not every browser has it, whatever its type says. */
const browserSynthesis = (): SpeechSynthesis | undefined => globalThis.speechSynthesis;
