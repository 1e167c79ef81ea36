import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';

interface TabLinksProps {
  readonly label: string;
  /** `end`: current only at exactly this address, not below it. */
  readonly links: ReadonlyArray<{ readonly to: string; readonly name: string; readonly end?: boolean }>;
}

/** The parts of a place, each with an address of its own. */
export function TabLinks({ label, links }: TabLinksProps) {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // Where they do not all fit, the current one is among those that are seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address has another current one
  useEffect(() => {
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  return (
    <nav ref={nav} aria-label={label} className="-mb-2 flex gap-1 overflow-x-auto border-line border-b">
      {links.map(({ to, name, end = false }) => (
        <NavLink
          key={to}
          to={to}
          end={end}
          className="-mb-px inline-flex min-h-10 shrink-0 items-center border-transparent border-b-2 px-3 text-ink-soft transition-colors duration-120 hover:text-ink aria-[current=page]:border-lamp-strong aria-[current=page]:font-medium aria-[current=page]:text-ink"
        >
          {name}
        </NavLink>
      ))}
    </nav>
  );
}
