#!/usr/bin/env bash
# Installs tsvlm from this checkout: publishes it to PREFIX/lib/tsvlm and links PREFIX/bin/tsvlm. Usage: eng/install.sh [PREFIX], by default ~/.local
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${1:-$HOME/.local}
mkdir -p "$prefix/lib" "$prefix/bin"
prefix=$(cd "$prefix" && pwd)
new=$(mktemp -d "$prefix/lib/tsvlm.XXXXXX")
trap 'rm -rf "$new"' EXIT
dotnet publish TsVlm.Cli -c Release -o "$new" --nologo -v quiet
rm -rf "$prefix/lib/tsvlm" && mv "$new" "$prefix/lib/tsvlm" && chmod 755 "$prefix/lib/tsvlm"
ln -sfn ../lib/tsvlm/tsvlm "$prefix/bin/tsvlm"
"$prefix/bin/tsvlm" --version
case ":$PATH:" in *":$prefix/bin:"*) ;; *) echo "Add $prefix/bin to PATH." ;; esac
echo "Completion: tsvlm completion bash|zsh|fish|pwsh. Removal: rm -r $prefix/lib/tsvlm $prefix/bin/tsvlm"
