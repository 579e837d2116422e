#!/usr/bin/env bash
# Runs the whole system in containers with Podman, also where no registry of images answers: makes base images (base.sh) and the services' images
# (deploy/images.sh), runs an experiment in one process, the same experiment in containers while containers are killed, compares the hashes of all samples,
# weights and predictions, and takes everything down.
#   deploy/podman/trial.sh             the compose file, then the Helm chart by `podman kube play`
#   deploy/podman/trial.sh compose     one of them
#   deploy/podman/trial.sh kube
# docs/containers.md names the Debian packages it needs. Run it as root. Exit code 3: something it needs is missing.
. "$(dirname "$0")/common.sh"
forms=("${@:-compose}"); [ $# -gt 0 ] || forms=(compose kube)
for tool in podman podman-compose mmdebstrap jq yq curl npm dotnet; do require "$tool" "$tool"; done

out=out/containers; rm -rf "$out"; mkdir -p "$out"
port=${TSVLM_PORT:-21180}; server=http://127.0.0.1:$port
export TSVLM_REGISTRY=localhost/ TSVLM_PORT=$port TSVLM_THREADS; TSVLM_THREADS=$(nproc)
export TSVLM_API_KEY RABBITMQ_PASSWORD POSTGRES_PASSWORD AZURITE_KEY RABBITMQ_MANAGEMENT_PORT=$((port + 1))
for name in TSVLM_API_KEY RABBITMQ_PASSWORD POSTGRES_PASSWORD; do printf -v "$name" %s "$(head -c 18 /dev/urandom | base64 | tr -dc A-Za-z0-9)"; done
AZURITE_KEY=$(head -c 48 /dev/urandom | base64 -w 0)
say() { printf '%5d s  %s\n' $SECONDS "$*"; }
api() { curl -fsS --max-time 20 -H "Authorization: Bearer $TSVLM_API_KEY" "$server$1"; }
tsvlm() { TsVlm.Cli/bin/Release/net10.0/linux-x64/tsvlm run --datasets CBF --scenarios deploy/podman/grid.json "$@"; }

# One line for each file of samples, weights and predictions, without the two that tell how long something took.
without_times() { grep -vE ' (stage|result)\.json ' | sort -u; }
hashes_in_folder() {
  find "$1/artifacts" -name manifest.json -exec jq -r '.key.kind as $kind | .files[] | "\($kind) \(.name) \(.sha256)"' {} + |
    grep -E '^(samples|checkpoint|evaluation) ' | without_times
}
hashes_on_server() { # EXPERIMENT
  api "/experiments/$1" | jq -r '.runs[].id' | while read -r run; do
    for kind in samples checkpoint evaluation; do
      # A baseline has neither samples nor weights.
      { api "/runs/$run/artifacts/$kind?limit=500" 2> /dev/null || echo '{"items":[]}'; } | jq -r --arg kind "$kind" '.items[] | "\($kind) \(.name) \(.sha256)"'
    done
  done | without_times
}

wait_until() { # SECONDS WHAT COMMAND...
  local deadline=$((SECONDS + $1)) what=$2; shift 2
  until "$@" > /dev/null 2>&1; do [ $SECONDS -lt $deadline ] || fail "$what: did not happen in time."; sleep 1; done
}
training_runs() { api "/experiments/$1" | jq -e 'any(.runs[].progress; .stage == "training" and .done > 0)'; }
restarted() { [ "$(podman inspect --format '{{.State.Pid}}' "$1")" != "$2" ] && [ "$(podman inspect --format '{{.State.Status}}' "$1")" = running ]; }

containers() { podman ps --all --format '{{.Names}}' | grep '^tsvlm-'; }
check_rights() {
  local users=()
  for container in $(containers); do
    users+=("$(podman exec "$container" id -u)")
    [ "${users[-1]}" != 0 ] || fail "$container: expected a user other than root, found root."
    [ "$(podman inspect --format '{{.HostConfig.ReadonlyRootfs}}' "$container")" = true ] || fail "$container: expected a read-only root, found a writable one."
  done
  say "  ${#users[@]} containers have a read-only root, and none runs as root (users $(printf '%s\n' "${users[@]}" | sort -un | paste -sd ' '))"
}

# As a crash would; Podman's own kill counts as a wish to stop.
kill_container() { # NAME
  local pid; pid=$(podman inspect --format '{{.State.Pid}}' "$1")
  kill -KILL "$pid"
  wait_until 60 "the restart of $1" restarted "$1" "$pid"
  say "  killed $1; Podman started it again"
}

experiment() { # NAME CONTAINER...: the containers to kill, one at each step
  local name=$1; shift
  tsvlm --server "$server" --out "$out/$name" > "$out/$name.txt" 2>&1 &
  client=$!; local id
  wait_until 60 "the experiment" eval "api /experiments | jq -e '.items[0].id'"
  id=$(api /experiments | jq -r '.items[0].id')
  say "  experiment $id is submitted"
  wait_until 300 "the training" training_runs "$id"
  say "  the training is at step $(api "/experiments/$id" | jq -r '.runs[].progress | select(.stage == "training") | "\(.done) of \(.total)"')"
  for container in "$@"; do kill_container "$container"; done
  wait "$client" || fail "$name: $(tail -n 5 "$out/$name.txt")"
  client=''
  say "  the report is there; attempts of each training: $(api "/experiments/$id" | jq -r '[.runs[].stages[] | select(.stage == "training") | .attempts] | join(", ")')"
  hashes_on_server "$id" > "$out/$name.hashes"
  diff "$out/one-process.hashes" "$out/$name.hashes" > "$out/$name.diff" ||
    fail "$name: expected the hashes of the run in one process, found others: $(head -n 5 "$out/$name.diff")"
  say "  $(wc -l < "$out/$name.hashes") files have the hashes of the run in one process"
}

compose() { podman-compose --project-name tsvlm-trial --file deploy/compose/compose.yaml --file deploy/compose/compose.debian.yaml "$@" >> "$out/compose.log" 2>&1; }
# Of a trial that failed, the logs say why.
save_logs() { mkdir -p "$out/logs"; for name in $(containers); do podman logs "$name" > "$out/logs/$name.txt" 2>&1 || true; done; }

run_compose() {
  say "Compose: starts seven containers"
  take_down() { save_logs; compose down --volumes || true; podman network rm --force tsvlm-trial_default >> "$out/compose.log" 2>&1 || true; }
  compose up --detach || fail "podman-compose up: $(tail -n 5 "$out/compose.log")"
  for container in rabbitmq azurite postgres scenarios datagen trainer evaluator web; do
    wait_until 180 "the health of $container" podman healthcheck run "tsvlm-trial_${container}_1"
  done
  say "  all are healthy"
  check_rights
  experiment compose tsvlm-trial_trainer_1 tsvlm-trial_evaluator_1 tsvlm-trial_scenarios_1
  take_down
}

run_kube() {
  say "Chart: rendered by helm, played by podman"
  eng/helm.sh template tsvlm --skip-tests deploy/helm/tsvlm --values deploy/helm/tsvlm/ci/try-values.yaml --set image.registry=localhost \
    --set messaging.rabbitmq.image=localhost/tsvlm-rabbitmq:debian12 --set database.postgres.image=localhost/tsvlm-postgres:debian12 \
    --set blobs.azurite.image=localhost/tsvlm-azurite:debian12 \
    --set "workers.trainer.numThreads=$TSVLM_THREADS" --set "workers.evaluator.numThreads=$TSVLM_THREADS" > "$out/chart.yaml"
  yq --slurp --compact-output --argjson port "$port" --from-file deploy/podman/kube-play.jq "$out/chart.yaml" > "$out/objects.jsonl"
  say "  left out: $(yq -r '.kind' "$out/chart.yaml" | grep -vxE 'StatefulSet|Deployment|ConfigMap|PersistentVolumeClaim' | sort | uniq -c | xargs)"
  TSVLM_API_KEY=$(yq -r 'select(.kind == "Secret" and .metadata.name == "tsvlm-api") | .stringData.apiKey' "$out/chart.yaml")
  take_down() {
    save_logs
    for file in "$out"/pods/*.json; do podman kube down "$file" || true; done
    podman volume rm $(jq -r 'select(.kind != "Deployment") | .metadata.name' "$out/objects.jsonl") || true
    podman network rm --force tsvlm-trial || true
  } >> "$out/kube.log" 2>&1
  mkdir "$out/pods"
  podman network create tsvlm-trial >> "$out/kube.log"
  jq -c 'select(.kind == "Deployment") | .metadata.name' -r "$out/objects.jsonl" | while read -r name; do
    # One pod at a time: Podman has no Service, so each pod gets the name of its Service in the network.
    jq -c --arg name "$name" 'select(.kind == "ConfigMap" or (.metadata.name | endswith($name)))' "$out/objects.jsonl" | sed '$!s/$/\n---/' > "$out/pods/$name.json"
    podman kube play --quiet --network "tsvlm-trial:alias=$name" "$out/pods/$name.json" >> "$out/kube.log" 2>&1 || fail "podman kube play $name: $(tail -n 5 "$out/kube.log")"
  done
  say "  $(podman pod ps --quiet | wc -l) pods are started"
  wait_until 90 "the health of scenarios" curl -fsS "$server/health"
  check_rights
  experiment kube tsvlm-trainer-pod-0-trainer tsvlm-evaluator-pod-0-evaluator tsvlm-scenarios-pod-0-scenarios
  take_down
}

take_down() { :; }
client=''
trap 'if [ -n "$client" ]; then kill "$client" 2> /dev/null || true; fi; take_down' EXIT
say "Base images from Debian's and npm's packages"
deploy/podman/base.sh
say "Images of the services"
BASE_IMAGE=localhost/tsvlm-aspnet:debian12 ENGINE=podman deploy/images.sh | while read -r image; do
  code=$(podman history --format '{{.Size}} {{.CreatedBy}}' "$image" | awk '/COPY/ { print $1, $2; exit }')
  packages=$(podman run --rm --entrypoint cat "$image" /app/sbom.cdx.json | jq '.components | length')
  labels=$(podman image inspect "$image" | jq '[.[0].Labels | keys[] | select(startswith("org.opencontainers.image."))] | length')
  say "  $image   $(size_of "$image"), of it the layer of the code $code; $labels labels, $packages packages in the bill of materials"
done
say "The experiment in one process"
dotnet build -c Release TsVlm.Cli --nologo -v quiet > "$out/build.txt" || fail "$(cat "$out/build.txt")"
tsvlm --parallel 1 --out "$out/one-process" > "$out/one-process.txt" || fail "$(tail -n 5 "$out/one-process.txt")"
hashes_in_folder "$out/one-process" > "$out/one-process.hashes"
say "  $(wc -l < "$out/one-process.hashes") files to compare"
for form in "${forms[@]}"; do "run_$form"; done
say "Everything is taken down: $(podman ps --all --quiet | wc -l) containers, $(podman volume ls --quiet | wc -l) volumes are left"
