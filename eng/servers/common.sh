# Shared by the scripts of this folder: starts, finds and stops a server as a plain process, without Docker and systemd.
# Each script: NAME.sh start FOLDER PORT   installs missing packages, starts the server, waits until it answers, and prints its connection string
#              NAME.sh stop FOLDER         stops it and waits until it has ended; its data stays in FOLDER
#              NAME.sh kill FOLDER         kills it, as a crash would
#              NAME.sh run FOLDER PORT     starts it and stays until it ends, or until the script is told to stop, which stops the server
set -euo pipefail

fail() { echo "$1" >&2; exit 1; }

install_debian() { # PACKAGE TEST_COMMAND...
  local package=$1; shift
  if "$@" >/dev/null 2>&1; then return; fi
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "$package: expected it to be installed, found it missing. Install it (apt-get install $package) and try again."
  local log; log=$(mktemp)
  { apt-get -o DPkg::Lock::Timeout=600 update && apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$package"; } >"$log" 2>&1 \
    || fail "$package: could not be installed: $(tail -n 3 "$log" | tr '\n' ' ')"
  rm -f "$log"
}

is_running() { [ -f "$1/pid" ] && kill -0 "$(cat "$1/pid")" 2>/dev/null; }

wait_until() { # SECONDS FOLDER TEST_COMMAND...
  local deadline=$((SECONDS + $1)) folder=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    is_running "$folder" || fail "$folder: the server ended: $(tail -n 5 "$folder/log.txt" | tr '\n' ' ')"
    [ $SECONDS -lt $deadline ] || fail "$folder: the server did not answer in time: $(tail -n 5 "$folder/log.txt" | tr '\n' ' ')"
    sleep 0.2
  done
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

end_process() { # FOLDER SIGNAL SECONDS
  is_running "$1" || { rm -f "$1/pid"; return 0; }
  local pid deadline; pid=$(cat "$1/pid"); deadline=$((SECONDS + $3))
  kill "-$2" "$pid" 2>/dev/null || true
  while kill -0 "$pid" 2>/dev/null && [ $SECONDS -lt $deadline ]; do sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$1/pid"
}

run_action() { # ACTION FOLDER [PORT]
  [ $# -ge 2 ] || fail "usage: $0 start|run FOLDER PORT | stop FOLDER | kill FOLDER"
  local action=$1 folder; mkdir -p "$2"; folder=$(cd "$2" && pwd)
  case $action in
    start) [ $# = 3 ] || fail "usage: $0 start FOLDER PORT"
           if ! is_running "$folder"; then start_server "$folder" "$3"; fi
           wait_until 60 "$folder" server_answers "$folder" "$3"; connection_string "$3" ;;
    stop) stop_server "$folder" ;;
    kill) kill_server "$folder" ;;
    run) [ $# = 3 ] || fail "usage: $0 run FOLDER PORT"
         # By itself, as who tells this script to stop may not wait until the server has.
         trap '(setsid "$0" stop "$folder" </dev/null >/dev/null 2>&1 &); while is_running "$folder"; do sleep 0.1; done; exit 0' TERM INT
         "$0" start "$folder" "$3"
         tail -n 0 -F "$folder/log.txt" &
         # It holds this script's output, and who reads that would take the script for alive.
         trap "kill $!" EXIT
         while is_running "$folder"; do sleep 0.5; done
         fail "$folder: the server ended: $(tail -n 5 "$folder/log.txt" | tr '\n' ' ')" ;;
    *) fail "usage: $0 start FOLDER PORT | stop FOLDER | kill FOLDER" ;;
  esac
}
