#!/bin/bash
# Starts PostgreSQL of Debian's package as the official image does; the first start makes the database POSTGRES_DB of POSTGRES_USER with POSTGRES_PASSWORD.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --pgdata "$PGDATA" --username "$POSTGRES_USER" --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD") --auth-local trust --auth-host scram-sha-256 \
    --encoding UTF8 --locale C.UTF-8
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  echo "CREATE DATABASE \"$POSTGRES_DB\"" | postgres --single -D "$PGDATA" postgres > /dev/null
fi
sockets=/var/run/postgresql; [ -w "$sockets" ] || sockets=/tmp
exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=$sockets
