import express, { type Request, type Response } from 'express';
import { AppError } from '#platform/errors.ts';

/** Holds the longest message (100,000 characters) even where a client escapes each emoji as `\ud83d\ude00`. */
export const maxBodyBytes = 1_500_000;

export type ReadJson = (req: Request, res: Response) => Promise<unknown>;

/** Reads the body of a request as JSON; throws the `AppError` that says why it is none. */
export function createReadJson(): ReadJson {
  const parse = express.json({ limit: maxBodyBytes, strict: false, type: () => true });
  return async (req, res) => {
    const length = req.headers['content-length'];
    const empty = req.headers['transfer-encoding'] === undefined && (length === undefined || length === '0');
    if (empty) throw new AppError('invalid_request', 'This request needs a JSON body, and none came.');
    if (!req.is('application/json')) {
      throw new AppError('unsupported_media_type', 'Send the body as JSON, with Content-Type: application/json.');
    }
    await new Promise<void>((resolve, reject) => {
      parse(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(bodyError(error))));
    });
    return req.body;
  };
}

/** The words of body-parser's errors are for developers of servers: https://github.com/expressjs/body-parser#errors. */
function bodyError(cause: unknown): unknown {
  const { type, status } = cause as { type?: string; status?: number };
  if (type === 'request.aborted') return cause;
  if (type === 'entity.too.large') {
    const limit = `${(maxBodyBytes / 1e6).toLocaleString('en')} MB`;
    return new AppError('payload_too_large', `The body is larger than ${limit}, which is the most this takes.`, {
      cause,
    });
  }
  if (status === 415) {
    return new AppError(
      'unsupported_media_type',
      'Send the body as UTF-8, plain or compressed with gzip, deflate or br.',
      {
        cause,
      },
    );
  }
  if (type === 'entity.parse.failed') return new AppError('invalid_request', 'The body is not JSON.', { cause });
  if (status !== undefined && status < 500) {
    return new AppError('invalid_request', 'The body could not be read: it is cut off or not encoded as it says.', {
      cause,
    });
  }
  return cause;
}
