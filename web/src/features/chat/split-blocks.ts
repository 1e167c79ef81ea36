const fence = /^ {0,3}(`{3,}|~{3,})/;
const listItem = /^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:\s|$)/;
/** What may be (or become, while it streams) a list item. */
const maybeListItem = /^ {0,3}(?:[-+*]|\d)/;
/** Definitions work across blocks, so a text that has some stays whole. */
const definition = /^ {0,3}\[[^\]]+\]:/m;
const rawHtml = /^ {0,3}<[!/?a-z]/im;

/**
 * Cuts Markdown into blocks that can be parsed apart with the same result. Joined they are the text again. While a text
 * grows, all blocks but the last two stay as they are, so that only the open tail is parsed again.
 */
export function splitBlocks(text: string): readonly string[] {
  if (definition.test(text) || rawHtml.test(text)) return [text];
  const blocks: string[] = [];
  let block = '';
  let blank = false;
  let isList = false;
  let open: string | undefined;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (open === undefined) {
      const isBlank = line.trim() === '';
      const indented = /^(?: {1,}|\t)/.test(line);
      const goesOn = isList ? indented || maybeListItem.test(line) : /^(?: {4}|\t)/.test(line);
      if (blank && !isBlank && !goesOn) {
        blocks.push(block);
        block = '';
      }
      if (!isBlank && block.trim() === '') isList = listItem.test(line);
      blank = isBlank;
      open = fence.exec(line)?.[1];
    } else if (closes(line, open)) open = undefined;
    block += line;
  }
  return block === '' ? blocks : [...blocks, block];
}

/** A fence is closed by a line of at least as many of the same marks, and nothing else. */
function closes(line: string, open: string): boolean {
  const mark = line.trim();
  return mark.length >= open.length && mark === mark.charAt(0).repeat(mark.length) && mark.charAt(0) === open.charAt(0);
}
