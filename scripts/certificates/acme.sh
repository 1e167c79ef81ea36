# Part of scripts/certificates.sh: what certbot does, and what is done around it.
# shellcheck shell=sh disable=SC2154

lineage_name=lamplight

lineage() { say "${RENEWED_LINEAGE:-${certbot_dir:-/etc/letsencrypt}/live/$lineage_name}"; }

# certbot in the background, for a shell tells of a signal only between commands: so SIGTERM ends a container at once.
run_certbot() {
  [ -z "$certbot_dir" ] || set -- "$@" --config-dir "$certbot_dir" --work-dir "$certbot_dir/work" --logs-dir "$certbot_dir/logs"
  trap 'kill "$child" 2>/dev/null; exit 130' TERM INT
  certbot "$@" --non-interactive &
  child=$!
  wait "$child"
}

# Text as one word of a command line.
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

# What certbot calls after each renewal, whoever asked for it. In its folder of hooks rather than by --deploy-hook, which certbot
# keeps as it was when the certificate was last signed, whatever later calls say.
write_hook() {
  hooks=${certbot_dir:-/etc/letsencrypt}/renewal-hooks/deploy
  (umask 022 && mkdir -p "$hooks") || die "cannot make the folder $hooks."
  {
    say '#!/bin/sh'
    say '# Written by scripts/certificates.sh obtain: gives the edge its renewed certificate.'
    printf 'exec sh %s install --certificate %s --key %s' "$(quoted "$here/certificates.sh")" "$certificate" "$key"
    printf ' --owner %s --reload %s\n' "$(quoted "$owner")" "$(quoted "$reload")"
  } >"$hooks/.lamplight.new" || die "cannot write into $hooks."
  chmod 0755 "$hooks/.lamplight.new"
  mv -f "$hooks/.lamplight.new" "$hooks/lamplight"
}

# Python, for certbot brings it everywhere; past any proxy, for the edge is near.
fetch() {
  python3 - "$1" "$main_host" <<'PYTHON'
import sys, urllib.request as web
address, host = sys.argv[1:]
request = web.Request(address, headers={"Host": host})
sys.stdout.write(web.build_opener(web.ProxyHandler({})).open(request, timeout=5).read().decode())
PYTHON
}

# Waits up to a minute until the edge serves what stands in the webroot, so that no try is wasted on one that does not.
wait_for_edge() {
  [ -n "$edge" ] || return 0
  challenges=$webroot/.well-known/acme-challenge
  (umask 022 && mkdir -p "$challenges" && say "$$" >"$challenges/lamplight-check") || die "cannot write into $challenges."
  tries=60
  until [ "$(fetch "$edge/.well-known/acme-challenge/lamplight-check" 2>/dev/null || true)" = "$$" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || die "the edge at $edge does not serve $challenges for $main_host; the certificate authority was not asked."
    sleep 1
  done
  rm -f "$challenges/lamplight-check"
}

# The ACME directory that the present certificate came from.
known_server() { sed -n 's/^server = //p' "${certbot_dir:-/etc/letsencrypt}/renewal/$lineage_name.conf" 2>/dev/null || true; }

wanted_server() {
  if [ -n "$server" ]; then say "$server"; elif [ -n "$staging" ]; then
    say https://acme-staging-v02.api.letsencrypt.org/directory
  else say https://acme-v02.api.letsencrypt.org/directory; fi
}

have_something_to_serve() {
  problem=$(pair_problem "$certificate" "$key")
  [ -n "$problem" ] || return 0
  if [ -n "$dry_run" ]; then
    say "Would make a certificate signed by itself first ($problem)."
  elif [ -z "$(pair_problem "$(lineage)/fullchain.pem" "$(lineage)/privkey.pem")" ]; then
    install_lineage
  else
    make_placeholder
    reload_edge
  fi
}

obtain() {
  have_something_to_serve
  mkdir -p "$webroot" || die "cannot make the folder $webroot."
  wait_for_edge
  set -- certonly --webroot --webroot-path "$webroot" --cert-name "$lineage_name" -d "$main_host" --key-type ecdsa \
    --agree-tos --keep-until-expiring --renew-with-new-domains
  [ -z "$api_host" ] || set -- "$@" -d "$api_host"
  if [ -n "$email" ]; then set -- "$@" --email "$email"; else set -- "$@" --register-unsafely-without-email; fi
  [ -z "$server" ] || set -- "$@" --server "$server"
  [ -z "$staging" ] || set -- "$@" --staging
  [ -z "$dry_run" ] || set -- "$@" --dry-run
  # certbot keeps a good certificate whoever signed it; one from the staging directory would stay.
  was=$(known_server)
  if [ -n "$was" ] && [ "$was" != "$(wanted_server)" ] && [ -z "$dry_run" ]; then set -- "$@" --force-renewal; fi
  run_certbot "$@" || die "no certificate for $main_host${api_host:+ and $api_host} was obtained (see certbot's lines above); $(what_stays)."
  [ -z "$dry_run" ] || { say 'The dry run succeeded; nothing was changed.' && return; }
  write_hook
  install_lineage
}

renew() {
  [ -n "$(known_server)" ] || die 'there is no certificate to renew yet: run obtain first.'
  set -- renew --cert-name "$lineage_name" --no-random-sleep-on-renew
  [ -z "$force" ] || set -- "$@" --force-renewal
  [ -z "$dry_run" ] || set -- "$@" --dry-run
  run_certbot "$@" || die "the certificate was not renewed (see certbot's lines above); $(what_stays)."
  [ -n "$dry_run" ] || install_lineage
}

what_stays() {
  [ -z "$(pair_problem "$certificate" "$key")" ] || { say 'the edge has none' && return; }
  say "the edge keeps the one it has, valid until $(valid_until)"
}

# What certbot has, to where the edge reads it; does nothing where it stands there and is loaded.
install_lineage() {
  from=$(lineage)
  # A hook is called for every certificate that certbot renewed, also for those of others.
  [ "$(basename "$from")" = "$lineage_name" ] || return 0
  if [ "$(fingerprint "$from/fullchain.pem")" != "$(fingerprint "$certificate")" ] || [ -n "$(pair_problem "$certificate" "$key")" ]; then
    install_pair "$from/fullchain.pem" "$from/privkey.pem"
    say "$certificate is now the certificate that is valid until $(valid_until)."
  fi
  reload_edge
}

# Runs with the options it was given; each try is a process of its own, so that a failure ends that try alone.
run_forever() {
  child=''
  trap 'kill "$child" 2>/dev/null || true; exit 0' TERM INT
  until attempt obtain "$@"; do pause "$retry"; done
  while :; do
    pause "$every"
    until attempt renew "$@"; do pause "$retry"; done
  done
}

attempt() {
  sh "$here/certificates.sh" "$@" &
  child=$!
  wait "$child"
}

pause() {
  sleep "$1" &
  child=$!
  wait "$child"
}
