/** Runs the part of a job that is measured, when the benchmark says so. */
export type Measured = <T>(work: () => Promise<T>) => Promise<T>;

export const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
