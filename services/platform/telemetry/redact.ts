/**
 * Takes out what looks like a secret, wherever in a line it stands: values of Authorization headers, API keys, JSON Web
 * Tokens, credentials in URLs, keys in query strings. A net below the rule that nothing secret is logged, not in place of
 * it. The patterns never match a quote or backslash inside a secret, so that a line of JSON stays one, and they look only so
 * far, so that no text makes them slow.
 */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean;
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [
    /(\bauthorization(?:\\?["'])?\s*[:=,]\s*(?:\\?["'])?(?:(?:bearer|basic|digest|token|apikey)\s+)?)[^\s"'\\,;}\]]+/gi,
    '$1[redacted]',
  ],
  [/\b(bearer\s+)[\w.~+/=-]{8,4000}/gi, '$1[redacted]'],
  [/\b(basic\s+)[A-Za-z0-9+/]{16,4000}={0,2}/gi, '$1[redacted]'],
  [/\bsk-[\w*-]{6,400}/g, 'sk-[redacted]'],
  [/\beyJ[\w-]{8,1000}\.[\w-]{8,3000}\.[\w-]{0,1000}/g, '[redacted]'],
  [/(:\/\/)[^\s"'\\/?#]{1,500}@/g, '$1[redacted]@'],
  // A password with an unencoded slash is no valid URL, yet it is what an error about one quotes. Ports stay.
  [/(:\/\/)[^\s"'\\/:@?#]{0,200}:(?!\d+\/)[^\s"'\\@]{1,500}@/g, '$1[redacted]@'],
  [/([?&](?:ticket|token|access_token|signature|api[_-]?key|key|password)=)[^\s"'\\&]+/gi, '$1[redacted]'],
];
