/** Sent on `window` when the browser has gone back or forth, before the page follows; its `detail` is the state of where it is now. */
export const popNotice = 'lamplight:pop';

/**
 * Lets others keep the page from following the browser, by `preventDefault` on a `popNotice`. To be called before the router listens:
 * Chromium calls the listeners of `popstate` in the order in which they came, also those that capture.
 */
export function announcePops(): void {
  window.addEventListener('popstate', (event) => {
    const notice = new CustomEvent<unknown>(popNotice, { cancelable: true, detail: event.state });
    if (!window.dispatchEvent(notice)) event.stopImmediatePropagation();
  });
}
