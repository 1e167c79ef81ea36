import type { z } from 'zod';
import type { Role, Scope } from './accounts.ts';
import type { ErrorCode } from './error-codes.ts';

/** One HTTP route: what it takes, what it gives, and who serves it. Paths are written as Express has them (`:id`). */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly process: 'api' | 'realtime' | 'both';
  /** `optional`: a credential is read where one comes. */
  readonly auth: 'none' | 'optional' | 'session';
  /** What an API key must have been made for; sessions may do all. Absent where nobody has to be signed in. */
  readonly scope?: Scope;
  /** The least that the person must be; anybody signed in where absent. */
  readonly role?: Role;
  /** The browser's refresh cookie counts here: refused where a page of another origin asks. */
  readonly cookie?: true;
  /** The body may also come as `application/x-www-form-urlencoded`. */
  readonly form?: true;
  /** The body is a file, as it is, of one of these types and at most so many bytes. */
  readonly file?: { readonly types: readonly string[]; readonly maxBytes: number };
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** No body is read as `{}`. */
  readonly optionalBody?: true;
  readonly status: number;
  /**
   * A schema: a JSON reply. `events`: a stream of `answerEvents` (text/event-stream). A media type: the handler writes a body of that
   * type itself; `media`: of the type that the picture or voice has. Absent: no body.
   */
  readonly reply?: z.ZodType | 'events' | 'media' | 'text/csv' | 'application/json';
  /** Error codes beside those that every route can answer. */
  readonly errors?: readonly ErrorCode[];
}
