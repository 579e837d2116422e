#!/usr/bin/env bash
# PostgreSQL from Debian's package, with one database `runs`. PostgreSQL does not run as root, so root starts it as user postgres.
. "$(dirname "$0")/common.sh"

binaries() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

start_server() {
  local folder=$1 port=$2
  install_debian postgresql test -n "$(binaries)"
  if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
  if [ ! -f "$folder/data/PG_VERSION" ]; then
    as_owner "$(binaries)/initdb" -D "$folder/data" -U tsvlm -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.txt" 2>&1 || fail "initdb: $(tail -n 3 "$folder/initdb.txt" | tr '\n' ' ')"
  fi
  rm -f "$folder/data/postmaster.pid"
  (cd / && as_owner setsid "$(binaries)/postgres" -D "$folder/data" -p "$port" -h 127.0.0.1 -k '') </dev/null >"$folder/log.txt" 2>&1 &
  for _ in $(seq 100); do [ -s "$folder/data/postmaster.pid" ] && break; sleep 0.1; done
  head -n 1 "$folder/data/postmaster.pid" >"$folder/pid" 2>/dev/null || fail "$folder: PostgreSQL did not start: $(tail -n 3 "$folder/log.txt" | tr '\n' ' ')"
  wait_until 60 "$folder" "$(binaries)/pg_isready" -q -h 127.0.0.1 -p "$port"
  "$(binaries)/createdb" -h 127.0.0.1 -p "$port" -U tsvlm runs 2>/dev/null || true
}

server_answers() { "$(binaries)/psql" -h 127.0.0.1 -p "$2" -U tsvlm -d runs -c 'select 1'; }
connection_string() { echo "Host=127.0.0.1;Port=$1;Database=runs;Username=tsvlm"; }
stop_server() { end_process "$1" INT 30; }
kill_server() {
  local pid parent children; pid=$(cat "$1/pid" 2>/dev/null) || return 0
  parent=$(ps -o ppid= -p "$pid" || true)
  # Stopped first: otherwise it replaces killed children by new ones, which survive it and block its shared memory for the next server.
  kill -STOP "$pid" 2>/dev/null || true
  children=$(pgrep -P "$pid" || true)
  kill -KILL "$pid" $children 2>/dev/null || true
  kill -CONT $parent 2>/dev/null || true   # runuser stops itself when its child is stopped
  end_process "$1" KILL 5
}
run_action "$@"
