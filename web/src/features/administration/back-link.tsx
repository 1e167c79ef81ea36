import { ChevronLeft } from 'lucide-react';
import { Link } from 'react-router';

/** To the list that a page is one of. */
export const BackLink = ({ to, name }: { readonly to: string; readonly name: string }) => (
  <Link to={to} className="-mt-2 -mb-6 inline-flex min-h-10 items-center gap-1 self-start text-ink-soft hover:text-ink">
    <ChevronLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {name}
  </Link>
);
