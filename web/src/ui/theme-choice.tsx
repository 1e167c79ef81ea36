import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from './button.tsx';

const storageKey = 'lamplight.theme';
const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const shown = {
  system: { Icon: Monitor, word: 'as the system' },
  light: { Icon: Sun, word: 'light' },
  dark: { Icon: Moon, word: 'dark' },
} as const;

/** Light, dark, or as the system has it; `public/theme.js` applies it before the first paint of the next visit. */
export function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(current);
  const { Icon, word } = shown[theme];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  return (
    <IconButton
      label={`Theme: ${word}. Change to ${shown[next].word}`}
      onClick={() => {
        apply(next);
        setTheme(next);
      }}
    >
      <Icon className="size-4.5" aria-hidden />
    </IconButton>
  );
}

const current = (): Theme => themes.find((theme) => theme === document.documentElement.dataset['theme']) ?? 'system';

function apply(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') {
    delete dataset['theme'];
    localStorage.removeItem(storageKey);
  } else {
    dataset['theme'] = theme;
    localStorage.setItem(storageKey, theme);
  }
}
