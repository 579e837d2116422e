#!/bin/bash
# Starts RabbitMQ of Debian's package as the official image does; the user and password come from RABBITMQ_DEFAULT_USER and RABBITMQ_DEFAULT_PASS.
set -euo pipefail
if [ ! -f "$HOME/.erlang.cookie" ]; then
  (umask 177; head -c 24 /dev/urandom | base64 | tr -dc A-Za-z0-9 > "$HOME/.erlang.cookie")
fi
exec rabbitmq-server
