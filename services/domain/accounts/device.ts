import Bowser from 'bowser';

const longestAgent = 400;
const longestWords = 60;
const unknown = 'Unknown device';

/** A browser or program and its system in words, from its `User-Agent`: `Firefox on Linux`, `curl`. Whoever sends it may write anything. */
export function deviceOf(userAgent: string | undefined): string {
  const agent = (userAgent ?? '').slice(0, longestAgent).trim();
  if (agent === '') return unknown;
  const { browser, os } = Bowser.parse(agent);
  const program = browser.name || /^[\w.-]+/.exec(agent)?.[0] || unknown;
  const words = os.name ? `${program} on ${os.name}` : program;
  return words.slice(0, longestWords);
}
