#!/bin/bash
# Lints the chart and holds what it renders against Kubernetes's own schemas, for each of its example values:
# scripts/release-check-chart.sh [VERSION…], of Kubernetes; 1.30.0 and 1.32.0 where none is named. Needs helm and kubeconform.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-} in
  -h | --help) sed -n '2,3s/^# //p' "$0"; exit 0 ;;
  -*) echo "There is no option $1; --help tells more." >&2; exit 2 ;;
esac
[ "$#" -gt 0 ] || set -- 1.30.0 1.32.0

shopt -s nullglob
examples=(helm/lamplight/ci/*.yaml)
[ "${#examples[@]}" -gt 0 ] || { echo 'helm/lamplight/ci holds no values.' >&2; exit 1; }

for values in "${examples[@]}"; do
  echo "== $values"
  helm lint helm/lamplight --strict --quiet --values "$values"
  for version in "$@"; do
    # What is no part of Kubernetes itself (cert-manager, Gateway API, KEDA, the Prometheus operator) has no schema there.
    summary=$(helm template lamplight helm/lamplight --namespace lamplight --kube-version "$version" --values "$values" |
      kubeconform -strict -summary -ignore-missing-schemas -kubernetes-version "$version" \
        ${KUBECONFORM_SCHEMAS:+-schema-location "$KUBECONFORM_SCHEMAS"}) || { echo "$summary"; exit 1; }
    echo "Kubernetes $version: $summary"
    # Where no schema at all was found, nothing was checked.
    [[ $summary =~ Valid:\ [1-9] ]] || { echo "No schemas of Kubernetes $version were found." >&2; exit 1; }
  done
done
