import { laterNamespaces } from './src/features/language/later-namespaces.ts';

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

const textsOf = /\/(\w[\w-]*)\/texts\/(\w+)\.json$/;
/** The texts of one language are two files: a page speaks one, and not of all places. */
const texts = {
  debugName: 'texts',
  test: textsOf,
  name: (id: string) => {
    const [, namespace, language] = textsOf.exec(id) ?? [];
    return laterNamespaces.some((later) => later === namespace) ? `later-texts-${language}` : `texts-${language}`;
  },
};

/** Packages that are imported by one name for all that is in them: what is used of them goes where it is used. */
const icons = {
  name: 'icons',
  test: /node_modules\/lucide-react\//,
  entriesAware: true,
  entriesAwareMergeThreshold: 10_000,
};
const widgets = {
  name: 'widgets',
  test: /node_modules\/(?:radix-ui|@radix-ui|@floating-ui|aria-hidden|react-remove-scroll|react-remove-scroll-bar|react-style-singleton|use-callback-ref|use-sidecar|get-nonce|tslib)\//,
  entriesAware: true,
};

/** All modules that `entry` needs at once, itself included. */
function reachedFrom(entry: string, modules: Modules): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [`${import.meta.dirname}/src/${entry}`];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
  }
  return reached;
}

/** What every page starts with: its libraries, which browsers keep over releases, and one file of ours. */
const isAtStart = (id: string, modules: Modules) => {
  start ??= reachedFrom('main.tsx', modules);
  return start.has(id);
};
let start: ReadonlySet<string> | undefined;
const libraries = {
  debugName: 'libraries',
  name: (id: string, modules: Modules) =>
    id.includes('/node_modules/') && isAtStart(id, modules) ? 'libraries' : null,
};
const own = { debugName: 'start', name: (id: string, modules: Modules) => (isAtStart(id, modules) ? 'start' : null) };

/** What the chat adds. */
const chat = {
  debugName: 'chat',
  name: (id: string, modules: Modules) => {
    inChat ??= reachedFrom('features/chat/chat.tsx', modules);
    return inChat.has(id) ? 'chat' : null;
  },
};
let inChat: ReadonlySet<string> | undefined;

/**
 * The files that the page is built to, the first that takes a module before the others. Left alone, the build makes dozens of
 * small files of what some pages share, and a browser asks for each.
 */
export const chunks = [texts, icons, widgets, libraries, own, chat];
