/** What pages of other origins may read of a reply, whether a service or the edge lets them. */
export const corsExposedHeaders = [
  'X-Trace-Id',
  'Retry-After',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  // The name of an export's file.
  'Content-Disposition',
  // Which part of a voice came.
  'Accept-Ranges',
  'Content-Range',
];
