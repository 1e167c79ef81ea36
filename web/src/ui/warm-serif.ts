/**
 * Has the type of titles and stories loaded, so that it is there before the words are: lines that break anew push everything
 * below them. Where it cannot be loaded the words show in another.
 */
export function warmSerif(): void {
  // Browsers of tests have none.
  const fonts: FontFaceSet | undefined = document.fonts;
  fonts?.load('1em "Literata Variable"').catch(() => undefined);
}
