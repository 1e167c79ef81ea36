import type { EdgeSettings } from '../settings.ts';

/** Mozilla's intermediate level, without the DHE ciphers, which nobody who lacks ECDHE needs: https://ssl-config.mozilla.org */
export const tlsInclude = ({
  certificate,
  certificateKey,
  stapling,
}: EdgeSettings): string => `ssl_certificate ${certificate};
ssl_certificate_key ${certificateKey};
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
ssl_prefer_server_ciphers off;
ssl_ecdh_curve X25519:prime256v1:secp384r1;
ssl_session_timeout 1d;
ssl_session_cache shared:lamplight_tls:10m;
ssl_session_tickets off;
${stapling ? 'ssl_stapling on;\nssl_stapling_verify on;\n' : ''}`;
