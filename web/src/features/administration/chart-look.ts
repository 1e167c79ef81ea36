import { useSyncExternalStore } from 'react';

/** How each line of a chart is drawn: by colour and by dashes, so that colour alone tells nothing. */
const lineLooks = [
  { token: '--lamp-strong', dash: [] },
  { token: '--ink', dash: [] },
  { token: '--good', dash: [7, 3] },
  { token: '--ink-soft', dash: [2, 3] },
  { token: '--edge', dash: [11, 4, 2, 4] },
] as const satisfies ReadonlyArray<{ token: `--${string}`; dash: number[] }>;

export const lookOf = (index: number) => lineLooks[index % lineLooks.length] ?? lineLooks[0];

/** What a colour token is now, for what cannot read style sheets. */
export const colourOf = (token: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(token).trim();

/** The same, let through by so much. */
export const paleOf = (token: string, alpha: number): string => colourOf(token).replace(/\)$/, ` / ${alpha})`);

/** Which theme is shown; changes with the choice of the person and with that of the system. */
export function useShownTheme(): string {
  return useSyncExternalStore(subscribe, shownTheme);
}

const isDark = () => window.matchMedia('(prefers-color-scheme: dark)');

const shownTheme = (): string =>
  document.documentElement.dataset['theme'] ?? (isDark().matches ? 'dark of the system' : 'light of the system');

function subscribe(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = isDark();
  system.addEventListener('change', callback);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', callback);
  };
}
