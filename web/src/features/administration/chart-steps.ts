/**
 * By how many the numbers of an axis may go up, the smallest first: uPlot looks for the one that fits by halving the list, and draws no
 * number where none does.
 */
export const wholeSteps: readonly number[] = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

/** The same for hours or days, up to more than the longest period has. */
export const pointSteps: readonly number[] = [1, 2, 3, 5, 7, 14, 30, 60, 90, 180, 365];
