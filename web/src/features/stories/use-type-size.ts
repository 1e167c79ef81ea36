import { useState } from 'react';

export const typeSizes = ['small', 'medium', 'large', 'larger'] as const;
export type TypeSize = (typeof typeSizes)[number];

const storageKey = 'lamplight.storyType';

/** How large stories are set in this browser. */
export function useTypeSize() {
  const [size, setSize] = useState<TypeSize>(stored);
  const choose = (chosen: TypeSize) => {
    setSize(chosen);
    try {
      localStorage.setItem(storageKey, chosen);
    } catch {
      // Storage may be refused; the choice then lasts as long as the page.
    }
  };
  return { size, choose };
}

function stored(): TypeSize {
  try {
    const value = localStorage.getItem(storageKey);
    return typeSizes.find((each) => each === value) ?? 'medium';
  } catch {
    return 'medium';
  }
}
