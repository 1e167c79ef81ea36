/**
 * Where what must be seen and reached over everything stands. Browsers draw nothing above a modal dialog and let nobody reach what is
 * outside of it: so this is in the one that was opened last, and in the page where none is open.
 */
export const topLayer: HTMLElement = document.createElement('div');

const dialogs: HTMLElement[] = [];

const settle = (): void => (dialogs.at(-1) ?? document.body).append(topLayer);

/** Takes the layer into a dialog that has been shown; the answer gives it back. */
export function bringTopLayer(dialog: HTMLElement): () => void {
  dialogs.push(dialog);
  settle();
  return () => {
    dialogs.splice(dialogs.indexOf(dialog), 1);
    settle();
  };
}

/** Has the layer in the page before any dialog is opened. */
export function showTopLayer(): void {
  if (!topLayer.isConnected) settle();
}
