import type { MessagePart } from '#contract/conversations.ts';
import { formatPosition, parsePosition } from '#contract/position.ts';
import type { ServerFrame } from '#contract/socket.ts';
import { append, emptyRope, type Rope } from './rope.ts';

export interface AnswerPart extends Pick<MessagePart, 'kind'> {
  readonly text: Rope;
}

/** What a reader has of one answer: exactly the first `length` units of attempt `attempt`, never a gap or a repeat. */
export interface Answer {
  /** 0 where nothing came yet. */
  readonly attempt: number;
  readonly length: number;
  readonly parts: readonly AnswerPart[];
  readonly ended: boolean;
}

export type AnswerFrame = Extract<ServerFrame, { type: 'delta' | 'reset' | 'done' }>;

/** `behind`: the frame lies beyond what the reader has, so it was not taken; follow the answer again from its position. */
export interface Applied {
  readonly answer: Answer;
  readonly behind: boolean;
}

export const unread: Answer = { attempt: 0, length: 0, parts: [], ended: false };

/** Where to resume; absent: from the beginning. */
export const positionOf = ({ attempt, length }: Answer): string | undefined =>
  attempt === 0 ? undefined : formatPosition({ attempt, length });

/** Takes one frame. Whatever is repeated, late or out of order, what is shown stays a prefix of one attempt's output. */
export function applyFrame(answer: Answer, frame: AnswerFrame): Applied {
  if (answer.ended) return { answer, behind: false };
  if (frame.type === 'done') return { answer: { ...answer, ended: true }, behind: false };
  const at = parsePosition(frame.at);
  if (!at || !Number.isSafeInteger(at.length)) return { answer, behind: true };
  if (frame.type === 'reset') {
    return { answer: { ...unread, attempt: at.attempt }, behind: at.length !== 0 };
  }
  if (at.attempt < answer.attempt) return { answer, behind: false };
  const start = at.length - frame.text.length;
  const base = at.attempt > answer.attempt ? { ...unread, attempt: at.attempt } : answer;
  if (start < 0 || start > base.length) return { answer, behind: true };
  if (at.length <= base.length) return { answer, behind: false };
  const fresh = frame.text.slice(base.length - start);
  return { answer: { ...base, length: at.length, parts: withText(base.parts, frame.part, fresh) }, behind: false };
}

function withText(
  parts: readonly AnswerPart[],
  part: { readonly index: number; readonly kind: MessagePart['kind'] } | undefined,
  text: string,
): readonly AnswerPart[] {
  const kind = part?.kind ?? 'text';
  const last = parts.at(-1);
  const goesOn = last?.kind === kind && (part === undefined || part.index === parts.length - 1);
  return goesOn
    ? [...parts.slice(0, -1), { kind, text: append(last.text, text) }]
    : [...parts, { kind, text: append(emptyRope, text) }];
}
