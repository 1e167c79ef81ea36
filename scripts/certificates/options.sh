# Part of scripts/certificates.sh: its help and its settings.
# shellcheck shell=sh disable=SC2034,SC2154

usage() {
  cat <<'TEXT'
usage: scripts/certificates.sh COMMAND [OPTION…]

  obtain    Makes sure that the edge has a certificate for its names: asks Let's Encrypt unless a good one is there, puts it
            where the edge reads it and reloads the edge. Where the edge has none yet, it first gets one that is signed by
            itself, so that it can start and answer the challenge. Repeating it does nothing.
  renew     Renews the certificate where certbot finds it due, puts it in place and reloads the edge.
  run       obtain, then renew every 12 hours until SIGTERM: for a container. Failures are repeated, not fatal.
  install   Puts the certificate that certbot has in place and reloads the edge; certbot calls it after each
            renewal, also one by its own timer.
  status    Prints names, issuer and days left. Exit code 1 where fewer than 14 days are left or something is wrong.

Settings, as options or as environment variables (those of the edge):
  --public-url URL     PUBLIC_URL            the main host, https://chat.example.org
  --api-url URL        API_URL               the API's host where it has its own
  --certificate FILE   EDGE_CERTIFICATE      /etc/lamplight/tls/tls.crt
  --key FILE           EDGE_CERTIFICATE_KEY  /etc/lamplight/tls/tls.key, in the same folder
  --webroot DIR        EDGE_ACME_ROOT        /var/lib/lamplight/acme, where the edge looks for challenges
  --email ADDRESS      ACME_EMAIL            where the certificate authority writes to; may be left out
  --server URL         ACME_SERVER           another ACME directory than Let's Encrypt's

Options:
  --staging            Let's Encrypt's staging directory: no browser trusts it, and its limits are generous
  --dry-run            obtain, renew: tries everything with the staging directory (or --server) and keeps nothing
  --force              renew: also where it is not due
  --edge URL           obtain, run: wait until the edge at this address (http://edge:8080) serves challenges before asking
  --owner USER[:GROUP] whom the key belongs to, by name or number: with a group its members may read it (0640), else 0600
  --reload COMMAND     what reloads the edge; default: nginx -t -q -c /etc/lamplight/nginx/nginx.conf &&
                       systemctl reload-or-restart nginx;
                       none: nothing, for the edge has a watcher beside it
  --certbot-dir DIR    where certbot keeps accounts, certificates and logs; default: its own, /etc/letsencrypt
  --days N             status: the fewest days that are well; default 14
  --every SECONDS      run: time between renewals; default 43200
  --retry SECONDS      run: time after a failure; default 900 (Let's Encrypt allows five failures an hour and name)

Asking a certificate authority means accepting its terms of service. Exit codes: 0 done, 1 it failed, 2 wrong usage.
TEXT
}

say() { printf '%s\n' "$*"; }
die() {
  printf 'certificates: %s\n' "$*" >&2
  exit 1
}
misuse() {
  printf 'certificates: %s\nsee scripts/certificates.sh --help\n' "$*" >&2
  exit 2
}

# The host of a URL; nothing where it is none that a certificate authority could check.
host_of() { printf '%s\n' "$1" | sed -n -E 's#^https?://(([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*)(:[0-9]+)?/?$#\1#p'; }

whole_number() {
  case $2 in '' | 0 | *[!0-9]*) misuse "$1 is a whole number above 0, not '$2'." ;; esac
}

# Paths stand in certbot's own configuration and in a command line of a hook.
plain_path() {
  case $2 in
    *[!A-Za-z0-9_./-]*) misuse "$1 may hold letters, digits and _ . / - alone, not '$2'." ;;
    /*) ;;
    *) misuse "$1 is a path from the root, not '$2'." ;;
  esac
}

read_options() {
  public_url=${PUBLIC_URL:-} api_url=${API_URL:-} email=${ACME_EMAIL:-} server=${ACME_SERVER:-}
  certificate=${EDGE_CERTIFICATE:-/etc/lamplight/tls/tls.crt} key=${EDGE_CERTIFICATE_KEY:-/etc/lamplight/tls/tls.key}
  webroot=${EDGE_ACME_ROOT:-/var/lib/lamplight/acme}
  staging='' dry_run='' force='' edge='' owner='' certbot_dir='' days=14 every=43200 retry=900
  reload='nginx -t -q -c /etc/lamplight/nginx/nginx.conf && systemctl reload-or-restart nginx'
  while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
      --help | -h)
        usage
        exit 0
        ;;
      --staging) staging=yes && continue ;;
      --dry-run) dry_run=yes && continue ;;
      --force) force=yes && continue ;;
    esac
    [ $# -gt 0 ] || misuse "$option is no option, or lacks its value."
    value=$1
    shift
    case $option in
      --public-url) public_url=$value ;;
      --api-url) api_url=$value ;;
      --certificate) certificate=$value ;;
      --key) key=$value ;;
      --webroot) webroot=$value ;;
      --email) email=$value ;;
      --server) server=$value ;;
      --edge) edge=${value%/} ;;
      --owner) owner=$value ;;
      --reload) reload=$value ;;
      --certbot-dir) certbot_dir=$value ;;
      --days) days=$value ;;
      --every) every=$value ;;
      --retry) retry=$value ;;
      *) misuse "there is no option '$option'." ;;
    esac
  done
}

check_options() {
  plain_path --certificate "$certificate"
  plain_path --key "$key"
  plain_path --webroot "$webroot"
  [ -z "$certbot_dir" ] || plain_path --certbot-dir "$certbot_dir"
  [ "$(dirname "$certificate")" = "$(dirname "$key")" ] || misuse 'certificate and key belong in one folder, where they are replaced together.'
  [ "$certificate" != "$key" ] || misuse 'certificate and key are two files.'
  case $owner in *[!A-Za-z0-9_:.-]*) misuse "--owner is USER or USER:GROUP, not '$owner'." ;; esac
  case ${server:-https://} in https://*) ;; *) misuse "--server is the https:// address of an ACME directory, not '$server'." ;; esac
  case ${edge:-http://} in http://*) ;; *) misuse "--edge is an http:// address, not '$edge'." ;; esac
  [ -z "$staging" ] || [ -z "$server" ] || misuse '--staging is a directory of its own: leave --server (ACME_SERVER) away.'
  whole_number --days "$days"
  whole_number --every "$every"
  whole_number --retry "$retry"

  main_host=$(host_of "$public_url")
  api_host=$(host_of "$api_url")
  [ -z "$public_url" ] || [ -n "$main_host" ] || misuse "PUBLIC_URL is the address of a public host such as https://chat.example.org, not '$public_url'."
  [ -z "$api_url" ] || [ -n "$api_host" ] || misuse "API_URL is the address of a public host such as https://api.example.org, not '$api_url'."
  [ "$api_host" != "$main_host" ] || api_host=''
  case $command in obtain | run) [ -n "$main_host" ] || misuse 'say which host: --public-url https://chat.example.org (or PUBLIC_URL).' ;; esac
}
