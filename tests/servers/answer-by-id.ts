import { BSON } from 'mongodb';

/**
 * FerretDB 1 on SQLite finds by index only where a filter is an `_id` alone; a condition beside it has it read the whole
 * collection, a fifth of a millisecond a document. MongoDB reads the one document. What stands here lets the stand-in do so,
 * too: it reads by `_id`, judges the condition, and has the command carried out by `_id`, or by one that no document has.
 */
export interface ByIdCommand {
  /** A command that reads the document. */
  readonly read: Buffer;
  /** The command to send, after the reply to `read`. */
  decide(reply: Buffer): Buffer;
}

const opMsg = 2013;
const sectionAt = 20;
const bodyAt = sectionAt + 1;
const nobody = '\u0001 no document has this';

type Command = Record<string, unknown>;

/** The update or question in an OP_MSG as one by `_id`; undefined where it is none that can be split like this. */
export function byIdCommand(message: Buffer): ByIdCommand | undefined {
  if (message.readInt32LE(12) !== opMsg || message[sectionAt] !== 0) return undefined;
  const body = message.subarray(bodyAt);
  if (body.readInt32LE(0) !== body.length) return undefined;
  const command: Command = BSON.deserialize(body);
  const filter = filterOf(command);
  const id = filter?.['_id'];
  if (!filter || typeof id !== 'string' || Object.keys(filter).length === 1) return undefined;
  if (!Object.values(filter).every(isPlain)) return undefined;
  const [name = ''] = Object.keys(command);
  const read = { find: command[name], filter: { _id: id }, limit: 1, singleBatch: true, $db: command['$db'] };
  return {
    read: withBody(message, BSON.serialize(read)),
    decide: (reply) => {
      const found: Command = BSON.deserialize(reply.subarray(bodyAt));
      const [document] = Object(found['cursor']).firstBatch ?? [];
      const wanted = document !== undefined && holds(filter, document) ? id : nobody;
      // Types of numbers must survive: only the filter is replaced.
      const exact: Command = BSON.deserialize(body, { promoteValues: false });
      replaceFilter(exact, { _id: wanted });
      return withBody(message, BSON.serialize(exact));
    },
  };
}

const filterOf = (command: Command): Command | undefined => {
  if ('find' in command) return Object(command['filter']);
  if ('findAndModify' in command) return Object(command['query']);
  const updates = command['updates'];
  return Array.isArray(updates) && updates.length === 1 ? Object(updates[0]).q : undefined;
};

function replaceFilter(command: Command, filter: Command): void {
  if ('find' in command) command['filter'] = filter;
  else if ('findAndModify' in command) command['query'] = filter;
  else if (Array.isArray(command['updates'])) Object(command['updates'][0]).q = filter;
}

const comparisons: Readonly<Record<string, (value: never, bound: never) => boolean>> = {
  $gt: (value, bound) => value > bound,
  $gte: (value, bound) => value >= bound,
  $lt: (value, bound) => value < bound,
  $lte: (value, bound) => value <= bound,
  $in: (value, bounds: readonly unknown[]) => bounds.includes(value),
  $exists: (value, wanted) => (value !== undefined) === wanted,
};

const isOperator = (term: unknown): term is Command => typeof term === 'object' && term !== null;
const isPlain = (term: unknown): boolean => !isOperator(term) || Object.keys(term).every((name) => name in comparisons);

const holds = (filter: Command, document: unknown): boolean =>
  Object.entries(filter).every(([path, term]) => {
    const value = path.split('.').reduce((at: unknown, key) => Object(at)[key], document);
    if (!isOperator(term)) return value === term;
    return Object.entries(term).every(([name, bound]) => comparisons[name]?.(value as never, bound as never));
  });

/** The same message with another body: the wire protocol's header names the whole length. */
function withBody(message: Buffer, body: Uint8Array): Buffer {
  const made = Buffer.concat([message.subarray(0, bodyAt), body]);
  made.writeInt32LE(made.length, 0);
  return made;
}
