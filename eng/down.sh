#!/usr/bin/env bash
# Stops the processes that eng/up.sh started, by the process ids below .local/. Data is kept.
#   eng/down.sh [--services-only]
set -uo pipefail
cd "$(dirname "$0")/.."
local_folder=${TSVLM_LOCAL:-$PWD/.local}
services="web evaluator trainer datagen scenarios"

for name in $services; do
  if [ -f "$local_folder/$name/pid" ]; then kill -TERM "$(cat "$local_folder/$name/pid")" 2>/dev/null; fi
done
for name in $services; do
  [ -f "$local_folder/$name/pid" ] || continue
  pid=$(cat "$local_folder/$name/pid")
  for _ in $(seq 1200); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  if kill -KILL "$pid" 2>/dev/null; then echo "$name had to be ended." >&2; fi
  rm -f "$local_folder/$name/pid"
done
if [ "${1:-}" = --services-only ]; then exit 0; fi
for name in azurite postgres rabbitmq; do
  if [ -d "$local_folder/$name" ]; then eng/servers/$name.sh stop "$local_folder/$name" || true; fi
done
