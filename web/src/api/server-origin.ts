declare global {
  /** Set by /settings.js before the app starts; absent where that file could not be loaded. */
  var lamplightSettings: { readonly apiUrl?: string } | undefined;
}

/** The origin of the API, without a slash at the end; empty where it is the page's own. */
export function serverOrigin(settings = globalThis.lamplightSettings): string {
  const { apiUrl } = settings ?? {};
  if (!apiUrl) return '';
  const url = URL.parse(apiUrl);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new Error(`/settings.js names ${apiUrl} as the API; it must be an address such as https://api.example.org.`);
  }
  return url.origin;
}
