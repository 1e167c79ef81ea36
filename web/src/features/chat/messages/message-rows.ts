import type { Message } from '#contract/conversations.ts';
import type { Unsent } from '../../../api/outbox.ts';

/** What stands in the list: a message, or one that is still to be sent. */
export type Row =
  | { readonly key: string; readonly message: Message }
  | { readonly key: string; readonly unsent: Unsent };

export const rowsOf = (thread: readonly Message[], unsent: readonly Unsent[]): readonly Row[] => [
  ...thread.map((message) => ({ key: message.id, message })),
  ...unsent.map((each) => ({ key: each.clientMessageId, unsent: each })),
];

const lineHeight = 26;
/** Of an average character of the interface's type. */
const characterWidth = 7.4;
const markWidth = 32;
const actionsHeight = 44;
const cardHeight = 22;

/** How high a row will be, in CSS pixels, before it has been laid out: near enough that the scrollbar does not lie much. */
export function estimateRow(row: Row, width: number): number {
  const text = 'unsent' in row ? row.unsent.text : row.message.text;
  const isAnswer = 'message' in row && row.message.role === 'assistant';
  const column = Math.min(width, 768) - 32;
  const characters = Math.max(10, (isAnswer ? column - markWidth : column * 0.85 - markWidth) / characterWidth);
  const lines = linesOf(text, characters);
  return isAnswer ? lines * lineHeight + actionsHeight : lines * 22 + cardHeight;
}

/** Lines after wrapping; what follows on an empty line counts half, as the space between blocks. */
function linesOf(text: string, characters: number): number {
  let lines = 0;
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    lines += end === start ? 0.46 : Math.ceil((end - start) / characters);
    start = end + 1;
  }
  return Math.max(1, lines);
}
