import { Monitor, Moon, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { themes, useTheme } from './theme.ts';

const icons = { system: Monitor, light: Sun, dark: Moon } as const;

/** Changes to the next theme with each click. */
export function ThemeChoice() {
  const [theme, choose] = useTheme();
  const { t } = useTranslation();
  const Icon = icons[theme];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  return (
    <IconButton
      label={t('theme.change', { now: t(`theme.${theme}`), next: t(`theme.${next}`) })}
      onClick={() => choose(next)}
    >
      <Icon className="size-4.5" aria-hidden />
    </IconButton>
  );
}
