import { errorResponse } from '#contract/errors.ts';
import { Lost, Refused } from './wire.ts';

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal: AbortSignal;
}

/** One HTTP request; throws `Lost` where no reply came and `Refused` where the reply is an error. */
export async function call(url: string, { method = 'GET', token, body, headers, signal }: Call): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      signal,
      headers: {
        ...headers,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new Lost(`${method} ${url} got no reply.`, { cause });
  }
  if (response.ok) return response;
  throw await refusalOf(response);
}

async function refusalOf(response: Response): Promise<Error> {
  let reply: unknown;
  try {
    reply = await response.json();
  } catch (cause) {
    return new Lost(`The reply with status ${response.status} was cut off.`, { cause });
  }
  return new Refused(errorResponse.parse(reply).error);
}
