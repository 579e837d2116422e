#!/usr/bin/env bash
# RabbitMQ from Debian's package. PORT is AMQP, PORT+1 the management API, PORT+2 and PORT+3 are used by Erlang.
. "$(dirname "$0")/common.sh"

start_server() {
  local folder=$1 port=$2
  install_debian rabbitmq-server test -x /usr/lib/rabbitmq/bin/rabbitmq-server
  mkdir -p "$folder"/{home,mnesia,log,gen}
  if [ ! -f "$folder/home/.erlang.cookie" ]; then head -c 24 /dev/urandom | base64 | tr -dc A-Za-z0-9 >"$folder/home/.erlang.cookie"; fi
  chmod 400 "$folder/home/.erlang.cookie"
  # Consumer timeout of ten days instead of 30 minutes, because a training keeps its message unacknowledged until it ends.
  cat >"$folder/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$port
management.tcp.ip = 127.0.0.1
management.tcp.port = $((port + 1))
default_user = tsvlm
default_pass = tsvlm
loopback_users = none
log.console = true
log.file = false
consumer_timeout = 864000000
disk_free_limit.absolute = 200MB
CONF
  echo '[rabbitmq_management].' >"$folder/enabled_plugins"
  (
    export HOME=$folder/home ERL_EPMD_PORT=$((port + 3)) ERL_EPMD_ADDRESS=127.0.0.1
    export RABBITMQ_NODENAME=tsvlm$port@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$port RABBITMQ_DIST_PORT=$((port + 2))
    export RABBITMQ_MNESIA_BASE=$folder/mnesia RABBITMQ_LOG_BASE=$folder/log RABBITMQ_LOGS=- RABBITMQ_GENERATED_CONFIG_DIR=$folder/gen
    export RABBITMQ_PID_FILE=$folder/rabbitmq.pid RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf RABBITMQ_ADVANCED_CONFIG_FILE=$folder/advanced.config
    export RABBITMQ_ENABLED_PLUGINS_FILE=$folder/enabled_plugins RABBITMQ_CONF_ENV_FILE=$folder/rabbitmq-env.conf
    export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
    # A separate epmd, because one that Erlang starts survives the broker.
    if ! { [ -f "$folder/epmd.pid" ] && kill -0 "$(cat "$folder/epmd.pid")" 2>/dev/null; }; then
      setsid epmd -address 127.0.0.1 -port $((port + 3)) </dev/null >/dev/null 2>&1 &
      echo $! >"$folder/epmd.pid"
    fi
    cd "$folder"   # where Erlang leaves what it writes about a crash
    setsid /usr/lib/rabbitmq/bin/rabbitmq-server </dev/null >"$folder/log.txt" 2>&1 &
    echo $! >"$folder/pid"
  )
}

server_answers() { answers "$2" && curl -fsS -u tsvlm:tsvlm "http://127.0.0.1:$(($2 + 1))/api/health/checks/alarms"; }
connection_string() { echo "amqp://tsvlm:tsvlm@127.0.0.1:$1"; }
end_names() { if [ -f "$1/epmd.pid" ]; then kill "$(cat "$1/epmd.pid")" 2>/dev/null || true; rm -f "$1/epmd.pid"; fi; }
stop_server() { end_process "$1" TERM 30; end_names "$1"; }
# The broker is a child of the process whose id is stored.
kill_server() { pkill -KILL -P "$(cat "$1/pid" 2>/dev/null || echo 0)" 2>/dev/null || true; end_process "$1" KILL 5; }
run_action "$@"
