import { Check, Copy, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { useCopy } from './use-copy.ts';

interface CopyButtonProps {
  /** What it does, in words: 'Copy code'. */
  readonly label: string;
  readonly text: () => string;
  readonly className?: string;
}

/** Copies, and says on itself whether that worked. */
export function CopyButton({ label, text, className = '' }: CopyButtonProps) {
  const { result, copy } = useCopy();
  const { t } = useTranslation();
  return (
    <IconButton label={result ? t(`copy.${result}`) : label} onClick={() => copy(text())} className={className}>
      {result === 'copied' && <Check className="size-4 text-good" aria-hidden />}
      {result === 'refused' && <X className="size-4 text-bad" aria-hidden />}
      {!result && <Copy className="size-4" aria-hidden />}
    </IconButton>
  );
}
