/** A log is kept this long after its last append: a worker that is gone is replaced, and its readers are back, well before. */
export const expiryMs = 10 * 60_000;

/** The log of a finished run is kept this long after `done`, for readers that were a little behind; the store has it all. */
export const finishedExpiryMs = 60_000;
