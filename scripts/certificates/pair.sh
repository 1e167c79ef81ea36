# Part of scripts/certificates.sh: certificate and key as one thing. Both names point through one link, `current`, to a folder
# that holds the pair; replacing that link replaces both at once, so that nobody who reads them finds halves of two pairs.
# shellcheck shell=sh disable=SC2154

# What is wrong with a certificate and its key; nothing where they are a pair.
pair_problem() {
  for file in "$1" "$2"; do
    [ -e "$file" ] || { say "there is no $file" && return; }
    [ -r "$file" ] || { say "$file cannot be read" && return; }
  done
  of_certificate=$(openssl x509 -in "$1" -noout -pubkey 2>/dev/null) || { say "$1 is no certificate" && return; }
  of_key=$(openssl pkey -in "$2" -passin pass: -pubout 2>/dev/null) || { say "$2 is no key without a password" && return; }
  [ "$of_certificate" = "$of_key" ] || say "$2 is not the key of $1"
}

fingerprint() { openssl x509 -in "$1" -noout -fingerprint -sha256 2>/dev/null || true; }

is_placeholder() { openssl x509 -in "$1" -noout -subject 2>/dev/null | grep -q 'Lamplight placeholder'; }

# Points NAME at TARGET in one step: rename replaces a link, ln -sf would remove it first.
point() {
  ln -s "$2" "$1.new.$$" && mv -f -T "$1.new.$$" "$1"
}

# Makes a folder for a pair, of copies of CERTIFICATE and KEY, and prints its name.
pair_folder() {
  folder=$(umask 077 && mktemp -d "$(dirname "$certificate")/pair.XXXXXX") || return 1
  if fill_folder "$@"; then basename "$folder"; else
    rm -rf "$folder"
    return 1
  fi
}

fill_folder() {
  cat "$1" >"$folder/$(basename "$certificate")" &&
    (umask 077 && cat "$2" >"$folder/$(basename "$key")") &&
    chmod 0644 "$folder/$(basename "$certificate")" &&
    { [ -z "$owner" ] || chown "$owner" "$folder/$(basename "$key")"; } &&
    case $owner in *:?*) chmod 0640 "$folder/$(basename "$key")" ;; esac &&
    chmod 0755 "$folder"
}

# Makes the names that the edge reads point through `current`; what stood there keeps its content until `current` moves on.
adopt() {
  [ "$(readlink "$certificate" || true)" != "current/$(basename "$certificate")" ] ||
    [ "$(readlink "$key" || true)" != "current/$(basename "$key")" ] || return 0
  if [ -z "$(pair_problem "$certificate" "$key")" ]; then
    before=$(pair_folder "$certificate" "$key") || return 1
  else
    before=$1
  fi
  point "$(dirname "$certificate")/current" "$before" &&
    point "$certificate" "current/$(basename "$certificate")" &&
    point "$key" "current/$(basename "$key")"
}

# Puts copies of CERTIFICATE and KEY where the edge reads them.
install_pair() {
  problem=$(pair_problem "$1" "$2")
  [ -z "$problem" ] || die "$problem; nothing was changed."
  place=$(dirname "$certificate")
  mkdir -p "$place" || die "cannot make the folder $place."
  made=$(pair_folder "$1" "$2") || die "cannot write the new pair into $place (who may write there, and is there room?)."
  adopt "$made" || die "cannot make $certificate and $key anew."
  previous=$(readlink "$place/current")
  point "$place/current" "$made" || die "cannot replace the pair in $place."
  for folder in "$place"/pair.*; do
    case $(basename "$folder") in "$made" | "$previous") ;; *) rm -rf "$folder" ;; esac
  done
}

# Which certificate the edge was last reloaded with.
loaded_file() { say "$(dirname "$certificate")/.loaded"; }

loaded_fingerprint() { cat "$(loaded_file)" 2>/dev/null || true; }

# Reloads the edge unless it was reloaded with this certificate already. A failed reload is made up for by the next call.
reload_edge() {
  now=$(fingerprint "$certificate")
  [ "$now" != "$(loaded_fingerprint)" ] || return 0
  if [ "$reload" != none ]; then
    sh -c "$reload" || die "the certificate is in place, but the edge was not reloaded: '$reload' failed."
  fi
  say "$now" >"$(loaded_file)" || die "cannot write $(loaded_file)."
}

# A certificate for a few days, signed by itself, so that the edge can start.
make_placeholder() {
  scratch=$(umask 077 && mktemp -d)
  names="DNS:$main_host${api_host:+,DNS:$api_host}"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 7 \
    -subj "/O=Lamplight placeholder/CN=$main_host" -addext "subjectAltName=$names" \
    -keyout "$scratch/key" -out "$scratch/certificate" 2>"$scratch/errors" || die "openssl made no placeholder: $(cat "$scratch/errors")"
  install_pair "$scratch/certificate" "$scratch/key"
  rm -rf "$scratch"
  say "The edge had no certificate: $certificate is one signed by itself, until the real one is here."
}
