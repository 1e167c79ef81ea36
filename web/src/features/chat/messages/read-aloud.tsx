import { Square, Volume2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.tsx';
import { useSpeech } from '../../../ui/use-speech.ts';
import { spokenSentences } from './spoken-sentences.ts';

/** Reads an answer with the browser's own voice; nothing where it has none. */
export function ReadAloud({ answer }: { readonly answer: () => Element | undefined }) {
  const { t, i18n } = useTranslation('chat');
  const { isThere, isSpeaking, say, silence } = useSpeech();
  if (!isThere) return null;
  const read = () => {
    const element = answer();
    if (element)
      say(
        spokenSentences(element, i18n.language).map((text) => ({ text })),
        i18n.language,
      );
  };
  return (
    <IconButton
      label={isSpeaking ? t('message.stopReading') : t('message.readAloud')}
      aria-pressed={isSpeaking || undefined}
      onClick={isSpeaking ? silence : read}
    >
      {isSpeaking ? (
        <Square className="size-3.5 fill-current" aria-hidden />
      ) : (
        <Volume2 className="size-4" aria-hidden />
      )}
    </IconButton>
  );
}
