#!/usr/bin/env bash
# Starts RabbitMQ, PostgreSQL, Azurite and the five services as plain processes of this machine, without Docker.
#   eng/up.sh [--servers-only]      running processes are left alone; data, logs and process ids are below .local/
#   eng/down.sh                     stops all of them
# Ports, first of each range: TSVLM_MESSAGING_PORT (4 ports, 21672), TSVLM_RUNS_PORT (21432), TSVLM_BLOBS_PORT (21000), TSVLM_HTTP_PORT (5 ports, 21080).
# TSVLM_LOCAL replaces the folder .local. The services receive ConnectionStrings__blobs and all other settings of the environment.
set -euo pipefail
cd "$(dirname "$0")/.."
local_folder=${TSVLM_LOCAL:-$PWD/.local}; mkdir -p "$local_folder"
messaging_port=${TSVLM_MESSAGING_PORT:-21672}; runs_port=${TSVLM_RUNS_PORT:-21432}; blobs_port=${TSVLM_BLOBS_PORT:-21000}; http_port=${TSVLM_HTTP_PORT:-21080}
fail() { echo "$1" >&2; exit 1; }

start_server() { # NAME PORT
  # Output goes to files, because a server that keeps running would keep this shell's output open.
  eng/servers/"$1".sh start "$local_folder/$1" "$2" >"$local_folder/$1.connection" 2>"$local_folder/$1.errors" || fail "$1: $(cat "$local_folder/$1.errors")"
  tail -n 1 "$local_folder/$1.connection"
}

is_up() { [ -f "$local_folder/$1/pid" ] && kill -0 "$(cat "$local_folder/$1/pid")" 2>/dev/null; }

start_service() { # NAME ASSEMBLY PORT
  mkdir -p "$local_folder/$1"
  if is_up "$1"; then return; fi
  (cd "services/$1"; ASPNETCORE_URLS="http://127.0.0.1:$3" OTEL_SERVICE_NAME="$1" \
    setsid dotnet "$(find bin/Release/net10.0 -name "$2.runtimeconfig.json" | head -n 1 | sed s/runtimeconfig.json/dll/)" </dev/null >"$local_folder/$1/log.txt" 2>&1 & echo $! >"$local_folder/$1/pid")
}

wait_ready() { # NAME PORT
  for _ in $(seq 300); do
    if curl -fsS -o /dev/null "http://127.0.0.1:$2/health" 2>/dev/null; then return; fi
    is_up "$1" || fail "$1 ended: $(tail -n 5 "$local_folder/$1/log.txt")"
    sleep 0.2
  done
  fail "$1 is not ready: $(curl -sS "http://127.0.0.1:$2/health"); see $local_folder/$1/log.txt"
}

messaging=$(start_server rabbitmq "$messaging_port"); runs=$(start_server postgres "$runs_port"); blobs=$(start_server azurite "$blobs_port")
echo "RabbitMQ    $messaging   (management: http://127.0.0.1:$((messaging_port + 1)), tsvlm/tsvlm)"
echo "PostgreSQL  $runs"
echo "Azurite     http://127.0.0.1:$blobs_port"
if [ "${1:-}" = --servers-only ]; then exit 0; fi

for project in services/*/*.csproj; do dotnet build "$project" -c Release -v q --nologo >"$local_folder/build.txt" || fail "$(cat "$local_folder/build.txt")"; done
export ConnectionStrings__messaging=$messaging ConnectionStrings__runs=$runs ConnectionStrings__blobs=${ConnectionStrings__blobs:-$blobs}
export Work__Directory=${Work__Directory:-$local_folder/work} ASPNETCORE_ENVIRONMENT=${ASPNETCORE_ENVIRONMENT:-Development}
start_service scenarios TsVlm.Scenarios "$http_port"
start_service datagen TsVlm.Datagen $((http_port + 1))
start_service trainer TsVlm.Trainer $((http_port + 2))
start_service evaluator TsVlm.Evaluator $((http_port + 3))
# On a loopback address in development the pages need no sign-in; where the API has keys, they use the first.
if [ "$ASPNETCORE_ENVIRONMENT" = Development ] && [ -n "${Api__Key:-}" ]; then export Scenarios__Key=${Api__Key%%,*}; fi
Scenarios__Address=http://127.0.0.1:$http_port start_service web TsVlm.Web $((http_port + 4))
for i in 0 1 2 3 4; do names=(scenarios datagen trainer evaluator web); wait_ready "${names[$i]}" $((http_port + i)); done
cat <<DONE
Pages       http://127.0.0.1:$((http_port + 4))
Services    http://127.0.0.1:$http_port (scenarios), logs in $local_folder/NAME/log.txt
Submit      curl -H 'Content-Type: application/json' -d '{"grid":"quick","datasets":["CBF"]}' http://127.0.0.1:$http_port/experiments
Watch       curl http://127.0.0.1:$http_port/experiments/ID
Stop        eng/down.sh
DONE
