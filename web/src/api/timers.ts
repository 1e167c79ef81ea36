/** Calls back after `ms`; the answer cancels it. An argument, so that tests bring their own time. */
export type After = (ms: number, callback: () => void) => () => void;

export const afterTimeout: After = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};
