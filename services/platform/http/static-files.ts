import { extname } from 'node:path';
import express, { type Express, type Request, type Response } from 'express';
import { recordOf } from './request-record.ts';

const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
/** What is no file and no page of the web app, whoever serves it. */
const reserved = /^\/(api|ws|docs|health)(\/|$)/;
const hashed = '/assets/';
/** Pages that a link with a secret opens: no search engine lists them, and nothing keeps them. */
const linkPage = /^\/(story|unsubscribe)\/?$/;
const forever = 'public, max-age=31536000, immutable';

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Lamplight</title>
<style>body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 20vh auto; padding: 0 1rem }</style>
<h1>The page is not built yet</h1>
<p>The server runs, but the web app has not been built. <code>npm start</code> builds it; the API works meanwhile.</p>
</html>
`;

/**
 * Serves the built web app: files under `assets/` carry their hash in their name and stay for a year, all else is asked
 * for again each time. What a browser navigates to and is no file gets `index.html`, where the app's own routes live.
 * Files compressed at build time (`.br`, `.gz` beside the original) are preferred where the browser takes them.
 */
export function serveWebApp(app: Express, distFolder: string): void {
  const files = express.static(distFolder, {
    setHeaders,
    cacheControl: false,
    acceptRanges: false,
    redirect: false,
    index: false,
  });
  app.use((req, res, next) => {
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    if (!isRead || reserved.test(req.path)) return next();
    const given = req.url;
    const page = isPage(req);
    const record = recordOf(res);
    Object.assign(record, { route: '/*', quiet: true });
    const candidates = [...variants(req, req.path), ...(page ? variants(req, '/index.html') : [])];
    // `express.static` asks for the next middleware where there is no such file.
    const tryNext = (error?: unknown): void => {
      const url = error === undefined ? candidates.shift() : undefined;
      if (url !== undefined) {
        req.url = url;
        return void files(req, res, tryNext);
      }
      req.url = given;
      if (error === undefined && page) {
        sendNotBuilt(res);
        return;
      }
      Object.assign(record, { route: 'unmatched', quiet: false });
      next(error);
    };
    tryNext();
  });
}

/** The address bar asks for HTML by name; scripts, pictures and `fetch` do not, and must not get a page for a file. */
const isPage = (req: Request): boolean =>
  req.path === '/' || (req.headers.accept?.includes('text/html') === true && !req.path.startsWith(hashed));

function variants(req: Request, path: string): string[] {
  if (path.endsWith('/')) return [];
  const taken = encodings.filter(([name]) => req.acceptsEncodings(name) !== false);
  return [...taken.map(([, ending]) => path + ending), path];
}

function setHeaders(res: Response, file: string): void {
  const encoding = encodings.find(([, ending]) => file.endsWith(ending));
  if (encoding) {
    const [name, ending] = encoding;
    res.setHeader('Content-Encoding', name);
    res.type(extname(file.slice(0, -ending.length)));
  }
  res.vary('Accept-Encoding');
  res.setHeader('Cache-Control', res.req.url.startsWith(hashed) ? forever : 'no-cache');
  if (!linkPage.test(URL.parse(res.req.originalUrl, 'http://page')?.pathname ?? '')) return;
  res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' });
}

const sendNotBuilt = (res: Response): void =>
  void res.status(503).set({ 'Cache-Control': 'no-store', 'Retry-After': '5' }).type('html').send(notBuilt);
