#!/usr/bin/env bash
# Builds the services' wiring with Aspire's own client packages instead of the plain clients, and runs its tests on them: eng/aspire.sh
# Aspire.Azure.Storage.Blobs is used where the registry serves it, else its stand-in; without Aspire.RabbitMQ.Client there is nothing to do (exit code 3).
set -euo pipefail
cd "$(dirname "$0")/.."
project=tests/TsVlm.Servers.Tests
out=out/aspire   # beside the usual bin and obj, which stay as they are

restore() { dotnet restore "$project" --artifacts-path "$out" "$@"; }
with=(-p:UseAspire=true)
if ! restore "${with[@]}" >/dev/null 2>&1; then
  with+=(-p:UseAspireBlobs=false)
  answer=$(restore "${with[@]}" 2>&1) && echo "Aspire.Azure.Storage.Blobs: not served, its stand-in is used." || status=$?   # neither
fi
if [ -n "${status:-}" ]; then
  if grep -q 'NU1101.*Aspire' <<<"$answer"; then echo "Aspire.RabbitMQ.Client: the registry serves no such package."; exit 3; fi
  echo "$answer"; exit 1
fi
dotnet build "$project" -c Release --no-restore --artifacts-path "$out" "${with[@]}"
"$out/bin/TsVlm.Servers.Tests/release/TsVlm.Servers.Tests" --filter-class '*Aspire*'
