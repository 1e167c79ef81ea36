import { useEffect } from 'react';

const product = 'Lamplight';

/** Names the window after what it shows. */
export function useTitle(title?: string): void {
  useEffect(() => {
    document.title = title ? `${title} · ${product}` : product;
  }, [title]);
}
