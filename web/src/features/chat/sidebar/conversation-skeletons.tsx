import { Skeleton } from '../../../ui/skeleton.tsx';

const widths = ['w-4/5', 'w-3/5', 'w-11/12', 'w-2/3', 'w-3/4', 'w-1/2'] as const;

/** Titles that are on their way, each as high as one. */
export function ConversationSkeletons({ count }: { readonly count: number }) {
  return (
    <div data-skeletons className="flex flex-col gap-0.5">
      {widths.slice(0, count).map((width) => (
        <div key={width} className="flex min-h-10 items-center px-3">
          <Skeleton className={`h-4 ${width}`} />
        </div>
      ))}
    </div>
  );
}
