import type { ReactNode } from 'react';
import { Lamp } from './lamp.tsx';

/** A page that holds one thing, in the lamp's light. */
export function FullPage({ children }: { readonly children: ReactNode }) {
  return (
    <main className="glow grid min-h-dvh place-items-center px-4 py-12 pb-[max(3rem,env(safe-area-inset-bottom))]">
      <div className="flex w-full max-w-104 animate-enter flex-col gap-8">
        <div className="flex items-center gap-2.5">
          <Lamp className="size-8" />
          <span className="font-semibold text-title tracking-tight">Lamplight</span>
        </div>
        {children}
      </div>
    </main>
  );
}
