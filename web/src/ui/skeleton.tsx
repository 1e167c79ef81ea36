/** Where something will stand that is on its way; as large as that, so that nothing moves when it comes. */
export function Skeleton({ className }: { readonly className: string }) {
  return <div aria-hidden className={`still-breathing rounded-control bg-line/60 ${className}`} />;
}
