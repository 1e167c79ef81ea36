#!/bin/bash
# Writes what deploy/compose.yaml needs before it starts: deploy/.env and the secrets in deploy/secrets, each its own random one.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/compose-setup.sh --public-url URL [OPTION…]

Writes .env and secrets/ for deploy/compose.yaml. What is there stays: secrets are never made anew, and lines of .env that
this does not set are kept. It prints no secret but the administrator's password, when it makes it.

  --public-url URL   what people type into their browser: https://chat.example.org
  --api-url URL      the API's own host, where it has one: https://api.example.org
  --email ADDRESS    where the certificate authority may write to
  --admin ADDRESS    who administers, whom the first start creates; that of --email, or admin@ and the host, where absent
  --no-tls           http alone: behind a load balancer that ends TLS. Else certbot gets a certificate for the hosts
  --dir DIR          the folder of compose.yaml; the deploy/ of this checkout where absent
  --help             this text

Exit codes: 0 done, 1 it failed, 2 wrong usage.
TEXT
}

misuse() {
  printf '%s\nscripts/compose-setup.sh --help says what there is.\n' "$*" >&2
  exit 2
}

dir=$(cd "$(dirname "$0")/../deploy" && pwd)
public_url='' api_url='' email='' admin='' tls=on
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --no-tls) tls=off && shift && continue ;;
    --public-url | --api-url | --email | --admin | --dir) [ $# -gt 1 ] || misuse "$1 lacks its value." ;;
    *) misuse "There is no option '$1'." ;;
  esac
  case $1 in
    --public-url) public_url=$2 ;;
    --api-url) api_url=$2 ;;
    --email) email=$2 ;;
    --admin) admin=$2 ;;
    --dir) dir=$2 ;;
  esac
  shift 2
done

is_origin() { [[ $1 =~ ^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$ ]]; }
[ -n "$public_url" ] || misuse 'Say which address people type: --public-url https://chat.example.org'
is_origin "$public_url" || misuse "--public-url is an address such as https://chat.example.org, in small letters and without a path, not '$public_url'."
[ -z "$api_url" ] || is_origin "$api_url" || misuse "--api-url is an address such as https://api.example.org, not '$api_url'."
[ "$tls" = off ] || [[ $public_url == https://* ]] || misuse '--public-url begins with http://: write https://, or say --no-tls where TLS ends before this machine or nowhere.'
for address in "$email" "$admin"; do
  [ -z "$address" ] || [[ $address =~ ^[^[:space:]@]+@[^[:space:]@]+$ ]] || misuse "'$address' is no address of mail."
done
[ -f "$dir/compose.yaml" ] || misuse "There is no compose.yaml in $dir."

# Letters and digits alone, so that a password stands in an address as it is.
random() { od -An -v -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }

# Containers read a secret under other user ids than its owner's. So the files can be read by all, and the folder by its
# owner alone: nobody else of this machine gets to them.
secrets=$dir/secrets
mkdir -p "$secrets"
chmod 0700 "$secrets"

# keep NAME: writes standard input to a secret that is not there yet.
keep() {
  local file=$secrets/$1
  if [ -e "$file" ]; then cat >/dev/null; else
    cat >"$file.new"
    chmod 0444 "$file.new"
    mv "$file.new" "$file"
    printf 'made secrets/%s\n' "$1"
  fi
}

# One password stands in two files: where one of them is there, it is that of the other.
redis_password() {
  if [ -e "$secrets/redis.conf" ]; then
    sed -n -E 's/^requirepass ([^ ]+)$/\1/p' "$secrets/redis.conf"
  elif [ -e "$secrets/redis-url" ]; then
    sed -n -E 's#^redis://:([^@]+)@.*$#\1#p' "$secrets/redis-url"
  else random 24; fi
}

redis=$(redis_password)
[ -n "$redis" ] || {
  printf 'redis.conf in %s has no line "requirepass PASSWORD", or redis-url no password. Remove both; they are made anew.\n' "$secrets" >&2
  exit 1
}
random 24 | keep mongodb-root-password
od -An -v -tx1 -N378 /dev/urandom | tr -d ' \n' | keep mongodb-keyfile
printf 'mongodb://lamplight:%s@mongodb:27017/lamplight?replicaSet=rs0&authSource=admin' "$(random 24)" | keep mongodb-uri
printf 'requirepass %s\n' "$redis" | keep redis.conf
printf 'redis://:%s@redis:6379' "$redis" | keep redis-url
random 32 | keep jwt-secret
made_password=$([ -e "$secrets/admin-password" ] || random 16)
printf '%s' "$made_password" | keep admin-password
# Those that people write.
for written in openai-api-key smtp-url oidc-client-secret; do
  printf '' | keep "$written"
  chmod 0644 "$secrets/$written"
done

env=$dir/.env
touch "$env"
chmod 0600 "$env"
# set_line NAME VALUE: the one line of .env that sets it.
set_line() {
  grep -v "^$1=" "$env" >"$env.new" || true
  printf '%s=%s\n' "$1" "$2" >>"$env.new"
  chmod 0600 "$env.new"
  mv "$env.new" "$env"
}
set_line PUBLIC_URL "$public_url"
set_line API_URL "$api_url"
set_line ACME_EMAIL "$email"
set_line EDGE_TLS "$tls"
others=$(sed -n 's/^COMPOSE_PROFILES=//p' "$env" | tr ',' '\n' | grep -vx -e certificates -e '' | paste -sd, - || true)
profiles=$([ "$tls" = off ] || printf certificates)
set_line COMPOSE_PROFILES "$profiles${profiles:+${others:+,}}$others"
set_line LAMPLIGHT_SECRETS ./secrets
[ -n "$admin" ] || admin=$(sed -n 's/^ADMIN_EMAIL=//p' "$env")
[ -n "$admin" ] || admin=$email
host=${public_url#*://}
[ -n "$admin" ] || admin=admin@${host%:*}
set_line ADMIN_EMAIL "$admin"
printf 'wrote .env\n'
[ -s "$secrets/openai-api-key" ] || printf 'A demo model will answer until the key of your provider stands in %s (docs/compose.md).\n' "$secrets/openai-api-key"
[ -s "$secrets/smtp-url" ] || printf 'Links by mail reach nobody until a mail server stands in %s.\n' "$secrets/smtp-url"
[ -z "$made_password" ] || printf '\nAfter the first start sign in as %s with the password %s\nIt is in %s and counts until you set another one.\n' \
  "$admin" "$made_password" "$secrets/admin-password"
