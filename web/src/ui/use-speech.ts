import { useCallback, useEffect, useRef, useState } from 'react';

/** What is said at a time: a sentence. */
interface Saying {
  readonly text: string;
  readonly onStart?: () => void;
}

export interface Speech {
  /** False where this browser cannot read aloud. */
  readonly isThere: boolean;
  readonly isSpeaking: boolean;
  /** Says these one after the other, in place of whatever is being said. */
  readonly say: (sayings: readonly Saying[], language: string) => void;
  readonly silence: () => void;
}

/**
 * The browser's own voice (Web Speech API), a sentence at a time: voices that come over the network fall silent after some 15 seconds
 * of one utterance, and few tell which word they are at. It falls silent with the component that uses it.
 */
export function useSpeech(): Speech {
  const [isSpeaking, setSpeaking] = useState(false);
  /** Which reading the events belong to: those of one that was ended come late. */
  const reading = useRef(0);
  /** Held until all is read: one that nobody holds may be collected, and then its events never come. */
  const utterances = useRef<readonly SpeechSynthesisUtterance[]>([]);
  const end = useCallback(() => {
    reading.current += 1;
    utterances.current = [];
    setSpeaking(false);
  }, []);
  const silence = useCallback(() => {
    // There is one voice for the page: what somebody else says goes on.
    if (utterances.current.length > 0) browserSynthesis()?.cancel();
    end();
  }, [end]);
  useEffect(() => silence, [silence]);

  const say = useCallback(
    (sayings: readonly Saying[], language: string) => {
      const synthesis = browserSynthesis();
      if (!synthesis || sayings.length === 0) return;
      synthesis.cancel();
      end();
      const current = reading.current;
      const whenCurrent = (act: (() => void) | undefined) => () => {
        if (reading.current === current) act?.();
      };
      const all = sayings.map(({ text, onStart }) => {
        const utterance = new SpeechSynthesisUtterance(text);
        utterance.lang = language;
        utterance.onstart = whenCurrent(onStart);
        utterance.onerror = whenCurrent(end);
        return utterance;
      });
      const last = all.at(-1);
      if (last) last.onend = whenCurrent(end);
      utterances.current = all;
      for (const utterance of all) synthesis.speak(utterance);
      setSpeaking(true);
    },
    [end],
  );
  return { isThere: browserSynthesis() !== undefined, isSpeaking, say, silence };
}

/** Not every browser has it, whatever its type says. */
const browserSynthesis = (): SpeechSynthesis | undefined => globalThis.speechSynthesis;
