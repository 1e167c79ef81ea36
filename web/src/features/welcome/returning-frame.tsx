import { Lamp } from '../../ui/lamp.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

/**
 * The frame that is about to come, as `ChatScreen` and `Sidebar` lay it out, so that nothing moves then. It shows only after a
 * moment: most often what it stands for is there before.
 */
export function ReturningFrame({ says }: { readonly says: string }) {
  return (
    <div
      aria-busy="true"
      data-skeletons
      className="flex h-dvh animate-[fade_180ms_var(--ease-out)_400ms_backwards] print:hidden"
    >
      <p role="status" className="sr-only">
        {says}
      </p>
      <div className="flex w-70 shrink-0 flex-col border-line border-e bg-sunken ps-[env(safe-area-inset-left)] pt-[env(safe-area-inset-top)] rtl:ps-[env(safe-area-inset-right)] max-md:hidden">
        <div className="flex h-14 shrink-0 items-center gap-2 pe-2 ps-5">
          <Lamp className="size-6" />
          <span className="font-semibold tracking-tight">Lamplight</span>
        </div>
        <div className="flex flex-col gap-2 px-3 pt-1">
          <Skeleton className="h-10 w-full" />
          {['w-2/5', 'w-1/2', 'w-1/3'].map((width) => (
            <div key={width} className="flex min-h-10 items-center px-3">
              <Skeleton className={`h-4 ${width}`} />
            </div>
          ))}
        </div>
      </div>
      <div className="flex min-w-0 flex-1 flex-col pt-[env(safe-area-inset-top)]">
        <div className="flex h-14 shrink-0 items-center justify-between gap-2 px-4 md:px-6">
          <Skeleton className="size-6 md:invisible" />
          <Skeleton className="h-4 w-24" />
        </div>
        <div className="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-3 px-4 pt-4">
          <Skeleton className="h-8 w-1/2" />
          <Skeleton className="h-4 w-11/12" />
          <Skeleton className="h-4 w-4/5" />
        </div>
      </div>
    </div>
  );
}
