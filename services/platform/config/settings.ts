import { peopleSettings } from './people-settings.ts';
import { operationSettings, serverSettings } from './server-settings.ts';
import type { Setting } from './setting.ts';
import { storySettings } from './story-settings.ts';

/** Every setting. A `*` at the end of a description: an administrator can change it while everything runs. `.env.example` and docs/settings.md are made from this list, and `loadConfig` takes the defaults from it. */
export const settings = [...serverSettings, ...peopleSettings, ...storySettings, ...operationSettings] as const;

export type SettingName = (typeof settings)[number]['name'];

export const settingNamed = (name: SettingName): Setting => {
  const found = settings.find((setting) => setting.name === name);
  if (!found) throw new Error(`There is no setting ${name}.`);
  return found;
};

/** The settings as rows of a Markdown table, for docs/settings.md. */
export function settingsTable(): string {
  const rows = (settings as readonly Setting[]).map(
    ({ name, default: value, description }) =>
      `| \`${name}\` | ${value === undefined ? '' : `\`${value}\``} | ${description} |`,
  );
  return ['| setting | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The text of `.env.example`: every setting, commented out, as it is when nothing is written. */
export function envExample(): string {
  const lines = [
    '# The settings of Lamplight. Copy this file to .env and change what you need; all of it is optional.',
    '# The environment of the process wins over .env. Each setting may be given as NAME_FILE as well: a file that holds it.',
  ];
  let group = '';
  for (const setting of settings as readonly Setting[]) {
    if (setting.group !== group) lines.push('', `## ${setting.group}`);
    group = setting.group;
    const value = setting.default ?? setting.example ?? '';
    lines.push('', `# ${setting.description}`, `#${setting.name}=${/\s/.test(value) ? JSON.stringify(value) : value}`);
  }
  return `${lines.join('\n')}\n`;
}
