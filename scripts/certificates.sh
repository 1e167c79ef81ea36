#!/bin/sh
# Gets, renews and reports the edge's certificate from Let's Encrypt: scripts/certificates.sh obtain|renew|run|install|status
# POSIX sh, for it also runs in certbot's own image, which has no bash and no Node. It needs certbot and openssl.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/certificates/options.sh
. "$here/certificates/options.sh"
# shellcheck source=scripts/certificates/pair.sh
. "$here/certificates/pair.sh"
# shellcheck source=scripts/certificates/acme.sh
. "$here/certificates/acme.sh"
# shellcheck source=scripts/certificates/status.sh
. "$here/certificates/status.sh"

command=${1:-}
case $command in
  obtain | renew | run | install | status) shift ;;
  --help | -h | help)
    usage
    exit 0
    ;;
  '') misuse 'say what to do: obtain, renew, run, install or status.' ;;
  *) misuse "there is no command '$command'." ;;
esac

read_options "$@"
check_options

need() { command -v "$1" >/dev/null || die "$1 is not installed here (or not on the PATH)."; }
need openssl
case $command in obtain | run | renew) need certbot ;; esac

case $command in
  obtain) obtain ;;
  renew) renew ;;
  run) run_forever "$@" ;;
  install) install_lineage ;;
  status) status ;;
esac
