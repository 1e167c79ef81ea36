import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { AppError } from '#platform/errors.ts';

/** Holds the longest message (100,000 characters) even where a client escapes each emoji as `\ud83d\ude00`. */
export const maxBodyBytes = 1_500_000;
/** A form holds a few short fields. */
const maxFormBytes = 20_000;

const json = 'application/json';
const urlencoded = 'application/x-www-form-urlencoded';

const noBody = 'This request needs a body, and none came.';

/** `form`: the body may also come as fields of a form. `optional`: no body is `{}`. */
export type ReadBody = (
  req: Request,
  res: Response,
  accepted: { readonly form: boolean; readonly optional: boolean },
) => Promise<unknown>;

/** Reads the body of a request; throws the `AppError` that says why it is none. */
export function createReadBody(): ReadBody {
  const parseJson = express.json({ limit: maxBodyBytes, strict: false, type: () => true, verify });
  const parseForm = express.urlencoded({
    limit: maxFormBytes,
    extended: false,
    parameterLimit: 50,
    type: () => true,
    verify,
  });
  return async (req, res, { form, optional }) => {
    const length = req.headers['content-length'];
    const empty = req.headers['transfer-encoding'] === undefined && (length === undefined || length === '0');
    if (empty && optional) return {};
    if (empty) throw new AppError('invalid_request', noBody);
    if (req.is(json)) await parsed(parseJson, req, res, { ...asJson, limit: maxBodyBytes });
    else if (form && req.is(urlencoded)) await parsed(parseForm, req, res, { ...asForm, limit: maxFormBytes });
    else {
      const types = form ? `${json} or ${urlencoded}` : json;
      throw new AppError('unsupported_media_type', `Send the body with Content-Type: ${types}.`);
    }
    return req.body;
  };
}

const byteOrderMark = Buffer.from('\ufeff');

/**
 * Text is UTF-8 (RFC 8259, section 8.1): a decoder would make U+FFFD of bytes that are none, and a filter before this server sees other
 * text in UTF-16. body-parser takes what is empty once it is unpacked for `{}`, which nobody sent.
 */
function verify(_req: unknown, _res: unknown, bytes: Buffer, charset: string): void {
  const type = wrongWith(bytes, charset);
  if (type !== undefined) throw Object.assign(new Error(`The body was refused: ${type}.`), { type });
}

function wrongWith(bytes: Buffer, charset: string): string | undefined {
  if (charset !== 'utf-8') return 'charset.unsupported';
  if (!isUtf8(bytes)) return 'entity.not.utf8';
  return bytes.length === 0 || bytes.equals(byteOrderMark) ? 'entity.empty' : undefined;
}

const asJson = { malformed: 'The body is not JSON.' } as const;
const asForm = { malformed: 'The body is not a form, or has too many fields.' } as const;

interface Reading {
  readonly malformed: string;
  /** Bytes. */
  readonly limit: number;
}

const parsed = (parse: RequestHandler, req: Request, res: Response, reading: Reading): Promise<void> =>
  new Promise((resolve, reject) => {
    parse(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(bodyError(error, reading))));
  });

/** The words of body-parser's errors are for developers of servers: https://github.com/expressjs/body-parser#errors. */
function bodyError(cause: unknown, { malformed, limit }: Reading): unknown {
  const { type, status } = cause as { type?: string; status?: number };
  if (type === 'request.aborted') return cause;
  if (type === 'entity.too.large') {
    const most = `${(limit / 1e6).toLocaleString('en')} MB`;
    return new AppError('payload_too_large', `The body is larger than ${most}, which is the most this takes.`, {
      cause,
    });
  }
  if (type === 'entity.parse.failed' || type === 'parameters.too.many') {
    return new AppError('invalid_request', malformed, { cause });
  }
  if (type === 'entity.empty') return new AppError('invalid_request', noBody, { cause });
  if (status === 415 || type === 'charset.unsupported') {
    return new AppError(
      'unsupported_media_type',
      'Send the body as UTF-8, plain or compressed with gzip, deflate or br.',
      {
        cause,
      },
    );
  }
  if (status !== undefined && status < 500) {
    return new AppError('invalid_request', 'The body could not be read: it is cut off or not encoded as it says.', {
      cause,
    });
  }
  return cause;
}
