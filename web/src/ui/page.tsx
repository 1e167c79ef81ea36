import type { ReactNode } from 'react';
import { useTitle } from './use-title.ts';

interface PageProps {
  readonly title: string;
  /** What this place is for. */
  readonly intro?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A place beside the chat: a title, what can be done, and what is there. */
export function Page({ title, intro, actions, children }: PageProps) {
  useTitle(title);
  return (
    <Scroller>
      <div className="mx-auto flex w-full max-w-3xl flex-col gap-8 px-4 pt-4 pb-12">
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
          <div className="flex min-w-0 flex-col gap-1">
            <h1 className="font-serif text-display tracking-[-0.01em]">{title}</h1>
            {intro && <p className="text-ink-soft">{intro}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
        {children}
      </div>
    </Scroller>
  );
}

const scrolls = '@container min-h-0 flex-1 overflow-y-auto overflow-x-hidden print:overflow-visible';

/** What scrolls below the header; on paper it is as long as it is. What is in it goes by its width: beside the sidebar that is not the window's. */
export function Scroller({ children }: { readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <div data-scrolls tabIndex={0} className={scrolls}>
      {children}
    </div>
  );
}
