#!/bin/sh
# What deploy-host does on the host, in one ssh session: it holds the lock as long as the session lives, takes one command
# a line on stdin, and goes on to the end of a command where the connection breaks. Writes only what it made itself: below
# $dir `releases/`, `systemd/`, `current`, `previous`, `next` and `.lock`. Lines of stdout that begin with @ are for the caller.
set -eu
umask 022
trap '' HUP PIPE

dir=$1 service=$2 units=$3 migration=$4 checks=$5 keep=$6 mode=$7
[ -n "$service" ] || { if [ "$(id -u)" = 0 ]; then service=systemctl; else service='sudo -n systemctl'; fi; }
releases=$dir/releases

# Nobody may be there to read it any more.
say() { printf '%s\n' "$*" 2>/dev/null || :; }
fail() { say "@error $*"; exit 1; }
# The service command is a program and its first words. What it starts must not inherit the lock, nor wait for our stdin.
# shellcheck disable=SC2086
service() { $service "$@" 9>&- </dev/null 2>&1; }
valid() { case $1 in '' | -* | *[!0-9A-Za-z.+-]*) return 1 ;; esac; }
pointed() { if [ -L "$dir/$1" ]; then basename "$(readlink "$dir/$1")"; fi; }
# One rename: whoever looks sees the old or the new one.
point() { ln -sfn "releases/$2" "$dir/.$1.new" && mv -T "$dir/.$1.new" "$dir/$1"; }
# Holds every file that was sent, and nothing that somebody else put there.
whole() { (cd "$1" && find . ! -type d | LC_ALL=C sort | cmp -s - .manifest); }
restore_previous() { if [ -n "$1" ]; then point previous "$1"; else rm -f "$dir/previous"; fi; }

check_place() {
  for program in rsync flock timeout cmp readlink; do
    command -v "$program" >/dev/null || fail "$program is missing on the host. Install it there (the packages are rsync, util-linux, coreutils and diffutils)."
  done
  if [ -e "$dir/current" ] && [ ! -L "$dir/current" ]; then
    fail "$dir/current is no symbolic link, so $dir does not belong to deploy-host. Name another folder by --dir."
  fi
  if [ -d "$dir" ]; then
    [ -w "$dir" ] || fail "$(id -un) may not write $dir. On the host: sudo chown $(id -un) $dir"
  elif [ "$mode" = live ]; then
    mkdir -p "$dir" 2>/dev/null || fail "$(id -un) may not make $dir. On the host: sudo install -d -o $(id -un) $dir"
  fi
}

lock() {
  mkdir -p "$releases" "$dir/systemd"
  exec 9>"$dir/.lock"
  flock -n 9 || fail "Another deploy to $dir is under way."
}

report() {
  near=$dir
  while [ ! -d "$near" ]; do near=$(dirname "$near"); done
  say "@platform $(uname -s) $(uname -m)"
  say "@free $(df -Pk "$near" | awk 'NR == 2 { print $4 }')"
  say "@current $(pointed current)"
  say "@previous $(pointed previous)"
  for each in "$releases"/*; do
    if [ -f "$each/.manifest" ]; then say "@release $(basename "$each")"; fi
  done
  say '@ready'
}

install_units() { # of the release $1, with the names $2…
  from=$releases/$1/deploy/systemd; shift
  for name in "$@"; do
    sed "s#/opt/lamplight#$dir#g" "$from/$name" >"$dir/systemd/.$name.new"
    mv "$dir/systemd/.$name.new" "$dir/systemd/$name"
    service link "$dir/systemd/$name" || return 1
  done
  service daemon-reload
}

unit_files() {
  for unit in $units; do
    case $unit in *@*) printf '%s\n' "${unit%%@*}@.service" lamplight.target ;; *) printf '%s\n' "$unit" ;; esac
  done | sort -u
}

migrate() {
  [ "$migration" = yes ] || return 0
  point next "$1"
  if install_units "$1" lamplight-migrate.service && service start lamplight-migrate.service; then
    rm -f "$dir/next"
    return 0
  fi
  rm -f "$dir/next"
  say 'The migration did not succeed: journalctl -u lamplight-migrate says why.'
  return 1
}

healthy() { # release $1 runs and serves
  # shellcheck disable=SC2086
  "$releases/$1/bin/node" "$releases/$1/scripts/deploy-host/await-health.ts" --version "$1" $checks 9>&- </dev/null 2>&1
}

start_release() { # points current at $1, restarts every unit in turn and waits until all are healthy
  point current "$1" || return 1
  # shellcheck disable=SC2046
  install_units "$1" $(unit_files) || return 1
  case $units in *@*) service enable lamplight.target || return 1 ;; esac
  for unit in $units; do
    service enable "$unit" || return 1
    service restart "$unit" || { say "$unit could not be restarted."; return 1; }
  done
  healthy "$1"
}

stop_all() { for unit in $units; do service stop "$unit" || :; done; }

activate() { # makes $1 the release that runs, or leaves the one that ran
  id=$1 before=$(pointed current) earlier=$(pointed previous)
  if [ "$before" = "$id" ]; then
    if healthy "$id" >/dev/null; then say "$id runs already and is healthy."; return 0; fi
    say "$id is current already, but not healthy: starting it again."
    before=$earlier
  fi
  service daemon-reload || { say "The service command ($service) did not work. Nothing was changed."; return 1; }
  migrate "$id" || { say "Nothing was switched: ${before:-no release} goes on."; return 1; }
  touch "$releases/$id"
  if [ -n "$before" ]; then point previous "$before"; fi
  if start_release "$id"; then
    say "$id runs and is healthy."
    return 0
  fi
  roll_back "$before" "$earlier"
  return 1
}

roll_back() { # to $1; $2 is what `previous` pointed at before
  if [ -z "$1" ]; then
    say "$id is not healthy, and no release was before it: stopping it."
    stop_all
    rm -f "$dir/current" "$dir/previous"
    return
  fi
  say "$id is not healthy: rolling back to $1."
  restore_previous "$2"
  if [ "$2" = "$1" ]; then rm -f "$dir/previous"; fi
  if start_release "$1"; then
    say "Rolled back: $1 runs and is healthy."
  else
    say "Rolled back to $1, but it is NOT healthy either. Look at: journalctl -u 'lamplight*'"
  fi
}

accept() { # what was sent as $1 becomes a release
  id=$1 incoming=$releases/.incoming-$1
  if [ -d "$releases/$id" ]; then return 0; fi
  whole "$incoming" || { say "What arrived of $id is not whole. Deploy again."; return 1; }
  mv -T "$incoming" "$releases/$id"
}

prune() { # keeps the newest $keep, the current and the previous one
  count=0
  # Names of releases hold no blanks; ls sorts by time, which no glob does.
  # shellcheck disable=SC2012
  ls -1t "$releases" | while read -r each; do
    if ! valid "$each" || [ ! -f "$releases/$each/.manifest" ]; then continue; fi
    count=$((count + 1))
    if [ "$count" -le "$keep" ] || [ "$each" = "$(pointed current)" ] || [ "$each" = "$(pointed previous)" ]; then continue; fi
    if whole "$releases/$each"; then
      rm -rf "${releases:?}/$each"
      say "Removed the old release $each."
    else
      say "Kept the old release $each: somebody else's files are in it."
    fi
  done
  rm -rf "$releases"/.incoming-*
}

run() { # one command line of the caller
  # shellcheck disable=SC2086
  set -- $1
  valid "${2-}" || { say "@error $2 is no name of a release."; return 1; }
  case $1 in
    deploy)
      if ! accept "$2" || ! activate "$2"; then return 1; fi
      prune || say 'Old releases could not be removed.'
      ;;
    switch)
      whole "$releases/$2" || { say "$2 is not on the host, or files of it were changed."; return 1; }
      activate "$2"
      ;;
    *) return 1 ;;
  esac
}

check_place
if [ "$mode" = live ]; then lock; fi
report
if [ "$mode" != live ]; then exit 0; fi
# The caller sends an empty line every few seconds. Silence for a minute means that it is gone, whatever TCP believes.
# shellcheck disable=SC2016
while line=$(timeout 60 sh -c 'read -r line && printf "%s." "$line"'); do
  line=${line%.}
  if [ -z "$line" ]; then continue; fi
  if run "$line"; then say '@done 0'; else say '@done 1'; fi
done
