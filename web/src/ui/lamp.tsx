interface LampProps {
  readonly className?: string;
  /** Without its light: nothing is there, or something broke. */
  readonly isOut?: boolean;
}

/** The mark of Lamplight: a lamp's shade with its light. Decoration; a name stands beside it where one is needed. */
export function Lamp({ className = 'size-6', isOut = false }: LampProps) {
  return (
    <svg viewBox="0 0 24 24" className={`shrink-0 ${className}`} fill="none" aria-hidden="true">
      <path d="M9 3.5h6L18.5 11h-13z" className={isOut ? 'fill-line stroke-edge' : 'fill-lamp'} strokeWidth=".5" />
      {!isOut && <path d="M6.5 13h11l2.5 6H4z" className="fill-lamp" opacity=".22" />}
      <path
        d="M12 11v8.5M8.5 20.5h7"
        stroke="currentColor"
        className={isOut ? 'text-edge' : ''}
        strokeWidth={isOut ? 1 : 1.6}
        strokeLinecap="round"
      />
    </svg>
  );
}
