import { Pencil, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';

const icons = { rename: Pencil, delete: Trash2 } as const;
const idOf = (name: string): string => `row-${name}`;

/** What the rows of a list draw from: with icons of its own, most of what a row consists of would be their lines. */
export function RowIcons() {
  return (
    <svg className="hidden" aria-hidden>
      {Object.entries(icons).map(([name, Icon]) => (
        <symbol key={name} id={idOf(name)} viewBox="0 0 24 24">
          <Icon />
        </symbol>
      ))}
    </svg>
  );
}

/** Where `RowIcons` stands on the same page. */
export const rowIcon = (name: keyof typeof icons): ReactElement => (
  <svg className="size-4" aria-hidden>
    <use href={`#${idOf(name)}`} />
  </svg>
);
