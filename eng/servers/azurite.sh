#!/usr/bin/env bash
# Azurite, Microsoft's emulator of Azure Blob Storage, from npm. Account and key are the well-known ones of the emulator.
. "$(dirname "$0")/common.sh"
VERSION=3.37.0
HOME_FOLDER=${TSVLM_SERVERS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/tsvlm}/azurite-$VERSION

install_azurite() {
  [ -f "$HOME_FOLDER/node_modules/azurite/dist/src/blob/main.js" ] && return
  command -v npm >/dev/null || fail "azurite: expected Node.js with npm, found neither. Install nodejs and npm and try again."
  local draft=$HOME_FOLDER.draft-$$; mkdir -p "$draft"
  npm install --prefix "$draft" --ignore-scripts --no-audit --no-fund "azurite@$VERSION" >"$draft/npm.txt" 2>&1 || fail "azurite: could not be installed: $(tail -n 3 "$draft/npm.txt" | tr '\n' ' ')"
  # If two processes install at the same time, the first one wins.
  mv -T "$draft" "$HOME_FOLDER" 2>/dev/null || rm -rf "$draft"
}

start_server() {
  install_azurite
  (setsid node "$HOME_FOLDER/node_modules/azurite/dist/src/blob/main.js" --blobHost 127.0.0.1 --blobPort "$2" --location "$1/data" --silent --disableTelemetry \
    </dev/null >"$1/log.txt" 2>&1 & echo $! >"$1/pid")
}

server_answers() { answers "$2"; }
connection_string() {
  echo "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:$1/devstoreaccount1;"
}
stop_server() { end_process "$1" TERM 10; }
kill_server() { end_process "$1" KILL 5; }
run_action "$@"
