/** The mark of Lamplight: a lamp's shade with its light. Decoration; a name stands beside it where one is needed. */
export function Lamp({ className = 'size-6' }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} fill="none" aria-hidden="true">
      <path d="M9 3.5h6L18.5 11h-13z" className="fill-lamp" />
      <path d="M6.5 13h11l2.5 6H4z" className="fill-lamp" opacity=".22" />
      <path d="M12 11v8.5M8.5 20.5h7" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  );
}
