/** A whole number as it was typed into a field; nothing where it is none, or out of bounds. */
export function readWhole(text: string, min: number, max: number): number | undefined {
  if (!/^\d{1,10}$/.test(text.trim())) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

export const mostTokens = 1_000_000_000;
