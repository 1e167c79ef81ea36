import cors, { type CorsOptions } from 'cors';
import type { RequestHandler } from 'express';
import { corsExposedHeaders } from './cors-exposed-headers.ts';

const everywhere: CorsOptions = {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['Authorization', 'Content-Type', 'X-Trace-Id', 'traceparent', 'Last-Event-ID'],
  exposedHeaders: corsExposedHeaders,
  maxAge: 600,
  optionsSuccessStatus: 204,
};

/**
 * Lets pages of the listed origins call the API, and no others: an origin is compared whole, never reflected unlisted.
 * Preflights end here. `Vary: Origin` goes out always, so that no cache gives one origin's answer to another.
 */
export function corsOrigins(origins: readonly string[]): RequestHandler {
  const listed = new Set(origins);
  const allow = cors({ ...everywhere, origin: [...origins], credentials: true });
  const refuse = cors({ origin: [], methods: [], allowedHeaders: [], optionsSuccessStatus: 204 });
  return (req, res, next) => {
    const { origin } = req.headers;
    if (origin !== undefined && listed.has(origin)) return allow(req, res, next);
    if (req.method === 'OPTIONS') return refuse(req, res, next);
    res.vary('Origin');
    next();
  };
}
