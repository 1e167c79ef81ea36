import { Check, Copy, X } from 'lucide-react';
import { IconButton } from './button.tsx';
import { useCopy } from './use-copy.ts';

interface CopyButtonProps {
  /** What is copied, as it is called: 'code', 'answer'. */
  readonly what: string;
  readonly text: () => string;
  readonly className?: string;
}

const outcomes = { copied: 'Copied', refused: 'The browser refuses to copy' } as const;

/** Copies, and says on itself whether that worked. */
export function CopyButton({ what, text, className = '' }: CopyButtonProps) {
  const { result, copy } = useCopy();
  const label = result ? outcomes[result] : `Copy ${what}`;
  return (
    <IconButton label={label} onClick={() => copy(text())} className={className}>
      {result === 'copied' && <Check className="size-4 text-good" aria-hidden />}
      {result === 'refused' && <X className="size-4 text-bad" aria-hidden />}
      {!result && <Copy className="size-4" aria-hidden />}
    </IconButton>
  );
}
