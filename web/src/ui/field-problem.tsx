import { CircleAlert } from 'lucide-react';

interface FieldProblemProps {
  readonly id: string;
  readonly problem: string | undefined;
}

/** What is wrong with a field, below it; nothing where nothing is. */
export function FieldProblem({ id, problem }: FieldProblemProps) {
  if (!problem) return null;
  return (
    <p id={id} className="flex items-start gap-1.5 text-bad text-small">
      <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      <span dir="auto">{problem}</span>
    </p>
  );
}
