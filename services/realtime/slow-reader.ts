/** More than this waiting for a reader, and nothing is handed to it until it has caught up. In bytes. */
export const slowReaderBytes = 64 * 1024;

/** Heartbeats that a reader with something on its way to it may take before it counts as gone: a slow line is not a dead one. */
export const slowReaderBeats = 8;
