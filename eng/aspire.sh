#!/usr/bin/env bash
# Builds the services with Aspire's client packages instead of the plain clients, and runs the tests of this wiring: eng/aspire.sh
# Uses a stand-in if Aspire.Azure.Storage.Blobs is not available. Exits with code 3 if Aspire.RabbitMQ.Client is not available.
set -euo pipefail
cd "$(dirname "$0")/.."
project=tests/TsVlm.ServiceDefaults.Tests
out=out/aspire   # separate from the usual bin and obj

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
"$out/bin/TsVlm.ServiceDefaults.Tests/release/TsVlm.ServiceDefaults.Tests" --filter-class '*Aspire*'
