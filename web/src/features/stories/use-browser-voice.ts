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
 * The story read by the browser itself (Web Speech API), a sentence at a time: voices that come over the network fall silent after some
 * 15 seconds of one utterance, and few tell which word they are at.
 */
export function useBrowserVoice({ title, parts, language, isReplaced }: BrowserVoiceOptions): BrowserVoice {
  const [lit, setLit] = useState<Passage>();
  const [isReading, setReading] = useState(false);
  /** Which reading the events belong to: those of one that was ended come late. */
  const reading = useRef(0);
  /** Held until all is read: one that nobody holds may be collected, and then its events never come. */
  const utterances = useRef<readonly SpeechSynthesisUtterance[]>([]);
  const passages = useMemo(() => parts.flatMap((part, index) => sentencesOf(part, index, language)), [parts, language]);
  const silence = useCallback(() => {
    reading.current += 1;
    utterances.current = [];
    browserSynthesis()?.cancel();
    setReading(false);
    setLit(undefined);
  }, []);
  useEffect(() => silence, [silence]);
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
    const utter = (text: string, passage: Passage) => {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = language;
      utterance.onstart = whenCurrent(() => setLit(passage));
      utterance.onerror = whenCurrent(silence);
      return utterance;
    };
    const sentences = passages.flatMap((passage) => {
      const text = parts[passage.part]?.slice(passage.from, passage.to);
      return text ? utter(text, passage) : [];
    });
    const all = [...(title ? [utter(title, { part: -1, from: 0, to: title.length })] : []), ...sentences];
    const last = all.at(-1);
    if (!last) return;
    last.onend = whenCurrent(silence);
    utterances.current = all;
    for (const utterance of all) synthesis.speak(utterance);
    setReading(true);
  };
  return { isThere: browserSynthesis() !== undefined, isReading, passages, lit, toggle: isReading ? silence : read };
}

/** Not every browser has it, whatever its type says. */
const browserSynthesis = (): SpeechSynthesis | undefined => globalThis.speechSynthesis;
