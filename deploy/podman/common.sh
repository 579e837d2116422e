# Shared by the scripts of this folder; sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
fail() { echo "$0: $1" >&2; exit 1; }
require() { command -v "$1" > /dev/null || { echo "$0: expected $1 on the path, found none; install $2 (Debian: docs/containers.md has the command)." >&2; exit 3; }; }
# Nothing of the machine's own configuration is changed. Health checks are run by the scripts, because Podman leaves that to systemd.
export CONTAINERS_CONF=$PWD/deploy/podman/containers.conf DISABLE_HC_SYSTEMD=true
size_of() { podman image inspect --format '{{.Size}}' "$1" | awk '{ printf "%.0f MB", $1 / 1e6 }'; }
