// What makes a load test fail.

/** Handshakes of WebSockets that a server or proxy failed; the sockets themselves only see that there was none. */
const handshakeErrors = ['500', '501', '502', '504'];

/**
 * @param {import('../settings.js').Settings} settings
 * @returns {Record<string, string[]>}
 */
export function thresholdsOf(settings) {
  const never = ['count<1'];
  return {
    completed: [`rate>=${settings.completed / 100}`],
    answers_started: ['count>=1'],
    answers_exact: ['count>=1'],
    text_mismatch: never,
    not_compared: never,
    duplicates: never,
    unexpected_status: never,
    refused: never,
    signed_out: never,
    script_errors: never,
    ...Object.fromEntries(handshakeErrors.map((status) => [`ws_sessions{status:${status}}`, never])),
    ...(settings.sse < 100 && {
      time_to_first_token: [`p(95)<${settings['first-token-p95']}`],
      token_gap: [`p(95)<${settings['gap-p95']}`],
    }),
    ...(settings.sse > 0 && { time_to_first_byte: [`p(95)<${settings['first-byte-p95']}`] }),
    ...(settings.cuts > 0 && { resumed: [`count>=${settings.resumed}`] }),
  };
}
