import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

/** What came after the `#` of the address, which is removed from it at once: neither the history nor a shared address holds it. */
export function useFragment(): URLSearchParams {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const [fragment, setFragment] = useState(() => read(hash));
  useEffect(() => {
    if (hash.length < 2) return;
    setFragment(read(hash));
    void navigate(pathname, { replace: true });
  }, [hash, pathname, navigate]);
  return fragment;
}

/** The secret of a link that came by mail; nothing where the address lacks it. */
export const useLinkToken = (): string | undefined => useFragment().get('token') ?? undefined;

const read = (hash: string): URLSearchParams => new URLSearchParams(hash.slice(1));
