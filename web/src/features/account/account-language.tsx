import { useEffect } from 'react';
import { useMe } from '../chat/use-me.ts';
import { speak } from '../language/use-language-change.ts';

/** The page speaks the language of the account, whichever this browser spoke before; a guest's is the browser's. */
export function AccountLanguage() {
  const { data: me } = useMe();
  const language = me?.role === 'guest' ? undefined : me?.language;
  useEffect(() => {
    if (language) void speak(language);
  }, [language]);
  return null;
}
