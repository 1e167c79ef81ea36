import type { ComponentProps, ReactNode } from 'react';

const looks = {
  lamp: 'bg-lamp text-lamp-ink hover:brightness-105 active:brightness-95',
  plain: 'border border-edge bg-surface text-ink hover:bg-sunken',
  quiet: 'text-ink-soft hover:bg-line/50 hover:text-ink',
  danger: 'border border-bad text-bad hover:bg-bad/10',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof looks;
}

const shared =
  'inline-flex items-center justify-center gap-2 font-medium transition-[background-color,border-color,color,filter,opacity] duration-120 ease-out disabled:opacity-50 disabled:pointer-events-none';

/** For what looks like a button and is a link. */
export const buttonClasses = (look: keyof typeof looks): string =>
  `${shared} ${looks[look]} min-h-10 rounded-control px-4`;

export function Button({ look = 'plain', className = '', ...props }: ButtonProps) {
  return <button type="button" {...props} className={`${buttonClasses(look)} ${className}`} />;
}

const sizes = {
  plain: 'size-10 rounded-control',
  round: 'size-10 rounded-full',
} as const;

interface IconButtonProps extends ButtonProps {
  /** What it does: its accessible name and its tooltip. */
  readonly label: string;
  readonly size?: keyof typeof sizes;
  readonly children: ReactNode;
}

const looksAndSizes = (look: keyof typeof looks, size: keyof typeof sizes): string =>
  `${shared} ${looks[look]} ${sizes[size]} shrink-0`;
/** Most of them look like this, and one string is enough for all. */
const quietAndPlain = looksAndSizes('quiet', 'plain');

export function IconButton({ label, look = 'quiet', size = 'plain', className, ...props }: IconButtonProps) {
  const base = look === 'quiet' && size === 'plain' ? quietAndPlain : looksAndSizes(look, size);
  return (
    <button
      type="button"
      {...props}
      aria-label={label}
      title={label}
      className={className ? `${base} ${className}` : base}
    />
  );
}
