#!/bin/bash
# Writes the file KUBECONFIG for a release: of EKS_CLUSTER in AWS_REGION where AWS_ROLE is set, else what GIVEN holds.
set -euo pipefail

: "${KUBECONFIG:?names the file to write}"
umask 077
if [ -n "${AWS_ROLE:-}" ]; then
  : "${AWS_REGION:?is missing: the region of the cluster}" "${EKS_CLUSTER:?is missing: the name of the cluster}"
  aws eks update-kubeconfig --region "$AWS_REGION" --name "$EKS_CLUSTER" --kubeconfig "$KUBECONFIG"
elif [ -n "${GIVEN:-}" ]; then
  printf '%s\n' "$GIVEN" >"$KUBECONFIG"
else
  echo 'No cluster: set AWS_ROLE, AWS_REGION and EKS_CLUSTER, or the secret KUBECONFIG; docs/releasing.md tells more.' >&2
  exit 2
fi
