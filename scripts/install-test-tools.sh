#!/bin/bash
# Installs what the tests run, on Debian 12 or later and Ubuntu 24.04 or later: scripts/install-test-tools.sh [--help] [NAME…]
# What is on the PATH already stays as it is. Prints, alone on its standard output, the folder to put on the PATH.
set -euo pipefail

# Each is pinned: what runs with this checkout's rights changes only by a change of this file.
helm_version=v4.3.1
k6_version=v1.8.1
kubeconform_version=v0.8.0
actionlint_version=v1.7.12
pebble_version=v2.10.1
zizmor_version=1.32.0
gixy_version=0.2.59
awscli_version=1.46.3
schemathesis_version=4.32.5
mongo_image=mongo:8

programs=(actionlint awscli-python certbot chromium espeak-ng ffmpeg gixy helm k6 kubeconform mongod nginx openssl pebble
  pebble-challtestsrv redis-server rsync schemathesis shellcheck sshd systemd-analyze zizmor)

usage() {
  cat <<TEXT
install-test-tools.sh [NAME…]: installs what the tests of this checkout run; all of it, or what is named:
  ${programs[*]}

It uses apt (with sudo where it must), go (1.24 or later) for what Debian lacks, python3 -m venv, and docker to take mongod
out of the image $mongo_image. LAMPLIGHT_TOOLS names the folder it fills; ~/.cache/lamplight-tools where absent.
TEXT
}

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

tools=${LAMPLIGHT_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/lamplight-tools}
# Debian keeps sshd and nginx where an ordinary user does not look.
export PATH="$PATH:$tools/bin:/usr/sbin:/sbin"
has() { command -v "$1" >/dev/null 2>&1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

packages=() go_packages=() python_packages=() take_mongod=false

# want NAME: notes how to get it.
want() {
  has "$1" && [ "$1" != nginx ] && return
  case $1 in
    # The modules are asked for one by one: nginx may be there without them.
    nginx) packages+=(nginx libnginx-mod-http-headers-more-filter libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static) ;;
    certbot | espeak-ng | ffmpeg | openssl | redis-server | rsync | shellcheck) packages+=("$1") ;;
    # Ubuntu's package of chromium is another way to get a snap; its runners bring Chrome.
    chromium) has google-chrome || packages+=(chromium) ;;
    sshd) packages+=(openssh-server) ;;
    systemd-analyze) packages+=(systemd) ;;
    helm) go_packages+=("helm.sh/helm/v4/cmd/helm@$helm_version") ;;
    k6) go_packages+=("go.k6.io/k6@$k6_version") ;;
    kubeconform) go_packages+=("github.com/yannh/kubeconform/cmd/kubeconform@$kubeconform_version") ;;
    actionlint) go_packages+=("github.com/rhysd/actionlint/cmd/actionlint@$actionlint_version") ;;
    pebble | pebble-challtestsrv) go_packages+=("github.com/letsencrypt/pebble/v2/cmd/$1@$pebble_version") ;;
    zizmor) python_packages+=("zizmor==$zizmor_version") ;;
    gixy) python_packages+=("gixy-ng==$gixy_version") ;;
    schemathesis) python_packages+=("schemathesis==$schemathesis_version") ;;
    # A Python with the AWS command line's modules, whose description of its commands the tests ask.
    awscli-python) python_packages+=("awscli==$awscli_version") ;;
    mongod) has mongo-test-server || take_mongod=true ;;
    go) die 'Install Go 1.24 or later: https://go.dev/doc/install' ;;
    *) usage >&2; die "There is no tool named $1." ;;
  esac
}

install_packages() {
  [ "${#packages[@]}" -gt 0 ] || return 0
  local missing=() package policy=/usr/sbin/policy-rc.d kept=false
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "Installing ${missing[*]}"
  as_root apt-get -qq update >&2
  # The tests start servers of their own: those of the packages would take ports, and must not run at all.
  if [ -e "$policy" ]; then kept=true; else printf '#!/bin/sh\nexit 101\n' | as_root install -m 755 /dev/stdin "$policy"; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${missing[@]}" >&2
  "$kept" || as_root rm "$policy"
}

install_go_packages() {
  [ "${#go_packages[@]}" -gt 0 ] || return 0
  has go || die "go is missing; it builds ${go_packages[*]}."
  for package in "${go_packages[@]}"; do
    say "Building $package"
    CGO_ENABLED=0 GOBIN=$tools/bin go install "$package" >&2
  done
}

install_python_packages() {
  [ "${#python_packages[@]}" -gt 0 ] || return 0
  say "Installing ${python_packages[*]}"
  [ -x "$tools/python/bin/pip" ] || python3 -m venv "$tools/python" >&2
  "$tools/python/bin/pip" install --quiet --disable-pip-version-check "${python_packages[@]}" >&2
  local name
  for name in zizmor gixy schemathesis; do [ ! -e "$tools/python/bin/$name" ] || ln -sf "$tools/python/bin/$name" "$tools/bin/$name"; done
  [ ! -e "$tools/python/bin/aws" ] ||
    printf '#!/bin/sh\nexec "%s/python/bin/python" "$@"\n' "$tools" | install -m 755 /dev/stdin "$tools/bin/awscli-python"
}

# The server itself, and not one in a container: tests end it and start it again.
take_mongod_from_image() {
  "$take_mongod" || return 0
  has docker || die "mongod is missing. Install MongoDB, or docker, from whose image $mongo_image it is taken."
  local container
  container=$(docker create "$mongo_image")
  docker cp "$container:/usr/bin/mongod" "$tools/bin/mongod" >&2
  docker rm "$container" >/dev/null
  "$tools/bin/mongod" --version >&2 || die "mongod of $mongo_image does not run here: it is built for Ubuntu 24.04."
}

case ${1:-} in -h | --help) usage; exit 0 ;; -*) usage >&2; exit 2 ;; esac
[ "$#" -gt 0 ] || set -- "${programs[@]}"
mkdir -p "$tools/bin"
for name in "$@"; do want "$name"; done
install_packages
install_go_packages
install_python_packages
take_mongod_from_image
printf '%s\n' "$tools/bin"
