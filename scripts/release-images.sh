#!/bin/bash
# Builds the images of this checkout with docker and pushes them to IMAGE_REGISTRY (a host, or a host and a folder) below
# the name of GITHUB_REPOSITORY where that is set. Prints server=NAME@DIGEST and edge=NAME@DIGEST.
set -euo pipefail
cd "$(dirname "$0")/.."

: "${IMAGE_REGISTRY:?is missing: the host of the registry, such as registry.example.org}"
registry=${IMAGE_REGISTRY%/}
# Registries take small letters alone.
[ -z "${GITHUB_REPOSITORY:-}" ] || registry=$registry/${GITHUB_REPOSITORY,,}
tag=$(git rev-parse HEAD)
built=$(npm run --silent images -- --engine docker --tag "$tag" --push "$registry" --json)
# shellcheck disable=SC2016 # that is JavaScript
node -e '
  for (const { name, pushed } of JSON.parse(process.argv[1])) {
    if (!/@sha256:[0-9a-f]{64}$/.test(pushed ?? "")) throw new Error(`The image ${name} has no digest: ${pushed}`);
    console.log(`${name}=${pushed}`);
  }' "$built"
