import { buttonClasses } from './button.tsx';

interface SkipLinkProps {
  /** The ID of what it leads to, which takes the focus. */
  readonly to: string;
  readonly children: string;
}

/** The first thing that the keyboard finds on a page, and shown only then: leads past what each page has in common. */
export const SkipLink = ({ to, children }: SkipLinkProps) => (
  <a
    href={`#${to}`}
    onClick={(event) => {
      // The address says where one is, and stays.
      event.preventDefault();
      document.getElementById(to)?.focus();
    }}
    className={`${buttonClasses('plain')} fixed start-3 top-2 z-20 not-focus:-translate-y-20 print:hidden`}
  >
    {children}
  </a>
);
