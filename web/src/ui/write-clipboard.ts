import { showTopLayer, topLayer } from './top-layer.ts';

/**
 * Puts text on the clipboard. Over plain HTTP browsers give pages no clipboard of their own; the older command does it there.
 * @throws where the browser refuses
 */
export async function writeClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const focused = document.activeElement;
  const box = document.createElement('textarea');
  box.value = text;
  box.readOnly = true;
  box.style.cssText = 'position: fixed; inset: 0 auto auto 0; opacity: 0';
  showTopLayer();
  topLayer.append(box);
  box.focus({ preventScroll: true });
  box.select();
  const isDone = document.execCommand('copy');
  box.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  if (!isDone) throw new Error('The browser does not let the page write to the clipboard.');
}
