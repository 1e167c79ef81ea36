import { fileURLToPath } from 'node:url';
import type { Express, RequestHandler, Response } from 'express';
import { routes } from '#contract/routes.ts';
import { createOpenApi, type OpenApiOptions } from './openapi.ts';
import { recordOf } from './request-record.ts';

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lamplight API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<main id="docs"></main>
<noscript>This page needs JavaScript. The document that it shows is at <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`;

/** `validatorUrl` is null because Swagger UI would else show the document to a service of its makers. */
const start = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;

/** Swagger UI puts styles into its elements and pictures into its style sheet; all else comes from here. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** What `serveDocs` adds to the routes of the contract, as `listRoutes` names it. */
export const docsRoutes: readonly string[] = [
  'GET /api/openapi.json',
  'GET /docs',
  'GET /docs/start.js',
  ...files.map((file) => `GET /docs/${file}`),
];

/** Serves the contract as OpenAPI at `/api/openapi.json`, and Swagger UI to read it at `/docs`. Both are made when first asked for. */
export function serveDocs(app: Express, options: OpenApiOptions): void {
  const send = (path: string, respond: (res: Response) => void | Promise<void>) => {
    const handler: RequestHandler = (_req, res) => {
      const record = recordOf(res);
      Object.assign(record, { route: path, quiet: path.startsWith('/docs/') });
      res.set({ 'Cache-Control': 'no-cache', 'Content-Security-Policy': policy });
      return respond(res);
    };
    app.get(path, handler);
  };
  let document: Promise<string> | undefined;
  send('/api/openapi.json', async (res) => {
    document ??= createOpenApi(routes, options).then((made) => JSON.stringify(made));
    res.type('json').send(await document);
  });
  send('/docs', (res) => void res.type('html').send(page));
  send('/docs/start.js', (res) => void res.type('js').send(start));
  const root = fileURLToPath(new URL('.', import.meta.resolve('swagger-ui-dist/package.json')));
  for (const file of files) send(`/docs/${file}`, (res) => void res.sendFile(file, { root, cacheControl: false }));
}
