/** A link's address as it may stand in the page; undefined for what is none of the web or mail. */
export function linkAddress(address: string | undefined): string | undefined {
  const url = URL.parse(address?.trim() ?? '');
  return url && ['https:', 'http:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}

/** The address of a picture that Lamplight itself keeps; any other would tell its server who reads the answer. */
export function ownPicture(address: string | undefined, page: string = window.location.href): string | undefined {
  const url = URL.parse(address?.trim() ?? '', page);
  const isOwn = url?.origin === new URL(page).origin && /^https?:$/.test(url.protocol);
  return isOwn && /^\/api\/media\/[\w-]+$/.test(url.pathname) ? url.pathname + url.search : undefined;
}
