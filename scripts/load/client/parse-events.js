// Server-sent events of a text that may be cut off anywhere; what has no blank line behind it did not come.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

/** @typedef {{ event: string, id: string, data: string }} Event */

/**
 * @param {string} text
 * @returns {Event[]}
 */
export function parseEvents(text) {
  const blocks = text.replace(/\r\n?/g, '\n').split('\n\n');
  return blocks.slice(0, -1).flatMap((block) => {
    /** @type {Event} */
    const found = { event: 'message', id: '', data: '' };
    let hasData = false;
    for (const line of block.split('\n')) {
      const match = /^(event|id|data):(?: )?(.*)$/.exec(line);
      if (!match) continue;
      const [, field, value = ''] = match;
      if (field === 'data') {
        found.data += hasData ? `\n${value}` : value;
        hasData = true;
      } else if (field === 'event') found.event = value;
      else found.id = value;
    }
    return hasData ? [found] : [];
  });
}
