#!/bin/bash
# Fails unless each IMAGE was signed, and its list of contents too, by the release workflow on the main branch of this
# repository: scripts/release-check-signatures.sh IMAGE… Needs cosign, and GITHUB_SERVER_URL and GITHUB_REPOSITORY as GitHub
# sets them.
set -euo pipefail

[ "$#" -gt 0 ] || { echo 'Name the images: host/name@sha256:…' >&2; exit 2; }
: "${GITHUB_SERVER_URL:?is missing}" "${GITHUB_REPOSITORY:?is missing}"
signer=(
  --certificate-identity "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/.github/workflows/main.yml@refs/heads/main"
  --certificate-oidc-issuer "${OIDC_ISSUER:-https://token.actions.githubusercontent.com}"
)
for image in "$@"; do
  [[ $image =~ @sha256:[0-9a-f]{64}$ ]] || { echo "$image has no digest: a tag can move." >&2; exit 2; }
  cosign verify "${signer[@]}" "$image" >/dev/null
  cosign verify-attestation "${signer[@]}" --type spdxjson "$image" >/dev/null
  echo "$image is signed by this repository's release workflow."
done
