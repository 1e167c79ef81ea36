const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const randomHex = (length: number): string => hex(crypto.getRandomValues(new Uint8Array(length)));

/** A new W3C trace context (https://www.w3.org/TR/trace-context/): the browser is where a trace begins. */
export function newTrace(): { readonly traceId: string; readonly traceparent: string } {
  const traceId = randomHex(16);
  return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-01` };
}
