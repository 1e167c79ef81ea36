# Part of scripts/certificates.sh: what the edge has.
# shellcheck shell=sh disable=SC2154

valid_until() { openssl x509 -in "$certificate" -noout -enddate -dateopt iso_8601 | sed 's/^notAfter=//; s/Z$/ UTC/'; }

names() { openssl x509 -in "$certificate" -noout -ext subjectAltName | sed -n 's/ *DNS://gp' | sed 's/,/, /g'; }

status() {
  problem=$(pair_problem "$certificate" "$key")
  [ -z "$problem" ] || die "$problem."
  end=$(valid_until)
  left=$((($(date -u -d "${end% UTC}" +%s) - $(date -u +%s)) / 86400))
  say "certificate  $certificate"
  say "names        $(names)"
  say "issuer       $(openssl x509 -in "$certificate" -noout -issuer -nameopt RFC2253 | sed 's/^issuer=//')"
  say "valid until  $end"
  say "days left    $left"
  ! is_placeholder "$certificate" || die 'this is a placeholder signed by itself: run obtain.'
  for name in $main_host $api_host; do
    case $(openssl x509 -in "$certificate" -noout -checkhost "$name") in
      *NOT*) die "the certificate is not for $name: run obtain." ;;
    esac
  done
  case $(loaded_fingerprint) in
    '' | "$(fingerprint "$certificate")") ;;
    *) die 'the edge was not reloaded since this certificate came: run install.' ;;
  esac
  [ "$left" -ge "$days" ] || die "fewer than $days days are left: renewing fails (run renew and read what it says)."
}
