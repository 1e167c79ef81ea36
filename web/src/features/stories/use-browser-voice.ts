import { useCallback, useEffect, useMemo, useState } from 'react';
import { useSpeech } from '../../ui/use-speech.ts';
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

/** The story read by the browser itself, sentence by sentence. */
export function useBrowserVoice({ title, parts, language, isReplaced }: BrowserVoiceOptions): BrowserVoice {
  const { isThere, isSpeaking, say, silence } = useSpeech();
  const [lit, setLit] = useState<Passage>();
  const passages = useMemo(() => parts.flatMap((part, index) => sentencesOf(part, index, language)), [parts, language]);
  useEffect(() => {
    if (isReplaced) silence();
  }, [isReplaced, silence]);

  const read = useCallback(() => {
    setLit(undefined);
    const saying = (text: string, passage: Passage) => ({ text, onStart: () => setLit(passage) });
    const sentences = passages.flatMap((passage) => {
      const text = parts[passage.part]?.slice(passage.from, passage.to);
      return text ? saying(text, passage) : [];
    });
    say([...(title ? [saying(title, { part: -1, from: 0, to: title.length })] : []), ...sentences], language);
  }, [title, parts, passages, language, say]);
  return {
    isThere,
    isReading: isSpeaking,
    passages,
    lit: isSpeaking ? lit : undefined,
    toggle: isSpeaking ? silence : read,
  };
}
