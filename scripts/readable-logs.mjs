// Turns the JSON log lines of a service into lines for a person at a terminal.

const order = ['error', 'warn', 'info', 'debug'];

/** A field of an ECS line, written flat (`event.action`) or nested. @param {Record<string, any>} line @param {string} name */
const field = (line, name) =>
  line[name] ?? name.split('.').reduce((value, key) => value?.[key], /** @type {any} */ (line));

/** @param {string} text @returns {Record<string, any> | undefined} */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && typeof value.message === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The line that a person sees for one line of a service's output; undefined where it is hidden. The line that says that a
 * service is ready shows its message alone; what is no log line is shown as it is.
 * @param {string} text
 * @param {'error' | 'warn' | 'info' | 'debug'} level the least important level that is shown
 */
export function readableLine(text, level) {
  const line = parse(text);
  if (!line) return text;
  const own = String(field(line, 'log.level') ?? 'info');
  if (own === 'info' && field(line, 'event.action') === 'ready') return line.message;
  if (order.indexOf(own) > order.indexOf(level)) return undefined;
  const time = new Date(line['@timestamp'] ?? Date.now()).toTimeString().slice(0, 8);
  const error = field(line, 'error.message');
  const trace = field(line, 'trace.id');
  const cause = error && !line.message.includes(error) ? `: ${error}` : '';
  return `${time} ${own.padEnd(5)} ${line.message}${cause}${trace ? ` (trace ${trace})` : ''}`;
}
