import { type RefObject, useEffect, useState } from 'react';
import { LaterPart } from '../later-part.tsx';

const loadMenu = async () => (await import('./prompt-menu.tsx')).PromptMenu;

interface PromptsOnSlashProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly box: RefObject<HTMLTextAreaElement | null>;
}

/** A message that begins with `/` offers the saved prompts, while it is being written on its first line. */
export function PromptsOnSlash({ text, onText, box }: PromptsOnSlashProps) {
  const isAsked = text.startsWith('/') && !text.includes('\n');
  const [isClosed, setClosed] = useState(false);
  if (isClosed && !isAsked) setClosed(false);
  useEffect(() => {
    const element = box.current;
    if (!element || !isAsked) return;
    const left = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget instanceof Element && relatedTarget.closest('[data-prompt-menu]')) return;
      // A form that asks for what a prompt lacks takes the focus and gives it back; so does another window.
      if (document.hasFocus() && !document.querySelector('dialog[open]')) setClosed(true);
    };
    element.addEventListener('blur', left);
    return () => element.removeEventListener('blur', left);
  }, [box, isAsked]);
  if (!isAsked || isClosed) return null;
  const close = () => setClosed(true);
  return <LaterPart load={loadMenu} props={{ filter: text.slice(1), onText, onClose: close, box }} />;
}
