#!/bin/bash
# Installs Lamplight with bundled databases and the demo model on the trial cluster of KUBECONFIG, and ships it there:
# scripts/release-trial.sh [OPTION of `npm run release -- ship`…], such as --server lamplight/server:ci --allow-tags.
# NAMESPACE (lamplight-trial) and PORT (18080, of this machine) can be set. What it made stays; delete the namespace after it.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-} in -h | --help) sed -n '2,4s/^# //p' "$0"; exit 0 ;; esac
for program in kubectl helm openssl npm; do
  command -v "$program" >/dev/null || { echo "$program is missing." >&2; exit 2; }
done
namespace=${NAMESPACE:-lamplight-trial} port=${PORT:-18080}
url=http://127.0.0.1:$port

kubectl create namespace "$namespace" --dry-run=client --output yaml | kubectl apply --filename - >/dev/null
# Passwords that nobody knows, made once. They reach kubectl by its standard input, since arguments can be seen by others.
if ! kubectl --namespace "$namespace" get secret lamplight-databases --output name >/dev/null 2>&1; then
  printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: lamplight-databases}\nstringData: {password: %s}\n' "$(openssl rand -hex 24)" |
    kubectl --namespace "$namespace" create --filename - >/dev/null
fi

# The way in: kept open until this ends, opened again whenever the pod behind it is replaced.
forward() {
  while true; do
    kubectl --namespace "$namespace" port-forward service/lamplight-edge "$port:80" >/dev/null 2>&1 || true
    sleep 0.5
  done
}
forward &
forwarding=$!
trap 'pkill -P "$forwarding" 2>/dev/null || true; kill "$forwarding" 2>/dev/null || true' EXIT

npm run --silent release -- ship --namespace "$namespace" --timeout 600 --url "$url" --wait 120 \
  --set "publicUrl=$url" \
  --set mongodb.bundled.enabled=true --set mongodb.bundled.persistence.enabled=false \
  --set mongodb.existingSecret.name=lamplight-databases \
  --set redis.bundled.enabled=true --set redis.existingSecret.name=lamplight-databases \
  --set api.replicas=1 --set realtime.replicas=2 --set worker.replicas=1 --set scheduler.replicas=1 --set edge.replicas=1 \
  "$@"
