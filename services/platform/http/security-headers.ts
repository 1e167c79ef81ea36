import type { RequestHandler } from 'express';
import helmet from 'helmet';

type Directives = Record<string, string[]>;

/**
 * What a page from this origin may load: its own files alone. `connect-src 'self'` covers the WebSocket too (CSP level 3).
 * Styles may be inline because the toast and dialog libraries of the web app put `<style>` elements into the page.
 */
const pageDirectives: Directives = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'script-src-attr': ["'none'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'media-src': ["'self'", 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'manifest-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** `https`: people reach this over TLS. Over plain HTTP, HSTS and upgrades would send browsers to a port that is not there. */
export function securityHeaders({ https }: { https: boolean }): RequestHandler {
  const directives = { ...pageDirectives, ...(https && { 'upgrade-insecure-requests': [] }) };
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: https,
    xFrameOptions: { action: 'deny' },
    // A link that someone opens from an answer tells its host nothing of the conversation.
    referrerPolicy: { policy: 'no-referrer' },
    // These set nothing that a browser of today reads.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
}
