#!/usr/bin/env bash
# Makes base images from Debian's and npm's packages, for machines that reach no registry of images:
#   deploy/podman/base.sh      aspnet (Debian 12 and this machine's .NET runtime), rabbitmq, postgres and azurite, as localhost/tsvlm-NAME:debian12
# An image that is there is kept; `podman rmi` it to make it again. The servers take the variables, folders and user ids of the official images.
. "$(dirname "$0")/common.sh"
require podman podman; require mmdebstrap mmdebstrap; require dotnet "the .NET 10 SDK"; require npm npm
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# Of Debian's packages without documentation, from the sources of this machine.
sources=/etc/apt/sources.list.d/debian.sources; [ -f "$sources" ] || sources=/etc/apt/sources.list
debian() { # NAME PACKAGES HOOK...
  local name=$1 packages=$2; shift 2
  if podman image exists "localhost/tsvlm-$name-root:debian12"; then return; fi
  local options=() folder hook
  for folder in doc man locale; do options+=(--dpkgopt="path-exclude=/usr/share/$folder/*"); done
  for hook in "$@" 'rm -rf "$1"/var/cache/* "$1"/var/log/* "$1"/etc/apt/sources.list*'; do options+=(--customize-hook="$hook"); done
  mmdebstrap --quiet --variant=minbase --include="$packages" "${options[@]}" bookworm "$work/$name.tar" "$sources" > "$work/$name.log" 2>&1 ||
    fail "$name: mmdebstrap could not fetch or install $packages: $(tail -n 3 "$work/$name.log")"
  podman import --quiet --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' --change 'ENV LANG=C.UTF-8' \
    "$work/$name.tar" "localhost/tsvlm-$name-root:debian12" > /dev/null
  rm "$work/$name.tar"
}

image() { # NAME: from the root that debian made, and the Containerfile on standard input
  podman build --quiet --file - --tag "localhost/tsvlm-$1:debian12" "$work/context" > /dev/null
  echo "localhost/tsvlm-$1:debian12   $(size_of "localhost/tsvlm-$1:debian12")"
}

mkdir "$work/context"; cp deploy/podman/servers/*.sh "$work/context"
if ! podman image exists localhost/tsvlm-aspnet:debian12; then
  debian aspnet ca-certificates,libgssapi-krb5-2,libssl3,libstdc++6,tzdata,zlib1g 'chroot "$1" useradd --uid 1654 --user-group --create-home app'
  runtime=$(dotnet --list-runtimes | sed -nE 's/^Microsoft\.AspNetCore\.App (10\.[^ ]+) \[(.*)\/shared\/Microsoft.AspNetCore.App\]$/\1 \2/p' | tail -n 1)
  read -r version home <<< "$runtime"
  mkdir -p "$work"/context/dotnet/{host,shared}
  cp "$home/dotnet" "$work/context/dotnet"; cp -r "$home/host/fxr" "$work/context/dotnet/host"
  for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    mkdir "$work/context/dotnet/shared/$framework"; cp -r "$home/shared/$framework/$version" "$work/context/dotnet/shared/$framework"
  done
  image aspnet <<'CONTAINERFILE'
FROM localhost/tsvlm-aspnet-root:debian12
COPY dotnet/ /usr/share/dotnet/
RUN ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet
ENV DOTNET_RUNNING_IN_CONTAINER=true ASPNETCORE_HTTP_PORTS=8080
CONTAINERFILE
fi

if ! podman image exists localhost/tsvlm-rabbitmq:debian12; then
  debian rabbitmq rabbitmq-server 'chroot "$1" groupmod --gid 999 rabbitmq' 'chroot "$1" usermod --uid 999 rabbitmq' \
    'rm -rf "$1"/var/lib/rabbitmq/.erlang.cookie "$1"/var/lib/rabbitmq/mnesia && chown -R 999:999 "$1"/var/lib/rabbitmq' \
    'mkdir -p "$1"/etc/rabbitmq/conf.d && echo "[rabbitmq_management]." > "$1"/etc/rabbitmq/enabled_plugins'
  image rabbitmq <<'CONTAINERFILE'
FROM localhost/tsvlm-rabbitmq-root:debian12
COPY --chmod=755 rabbitmq.sh /usr/local/bin/start
RUN echo 'loopback_users.guest = false' > /etc/rabbitmq/conf.d/10-defaults.conf
ENV PATH=/usr/lib/rabbitmq/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/var/lib/rabbitmq
ENV RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_LOGS=- RABBITMQ_LOG_BASE=/tmp ERL_CRASH_DUMP_SECONDS=0
USER 999:999
CMD ["start"]
CONTAINERFILE
fi

if ! podman image exists localhost/tsvlm-postgres:debian12; then
  debian postgres postgresql 'chroot "$1" groupmod --gid 999 postgres' 'chroot "$1" usermod --uid 999 --gid 999 postgres' \
    'rm -rf "$1"/var/lib/postgresql "$1"/etc/ssl/private' \
    'install -d -o 999 -g 999 -m 700 "$1"/var/lib/postgresql "$1"/var/lib/postgresql/data "$1"/run/postgresql'
  image postgres <<'CONTAINERFILE'
FROM localhost/tsvlm-postgres-root:debian12
COPY --chmod=755 postgres.sh /usr/local/bin/start
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
STOPSIGNAL SIGINT
USER 999:999
CMD ["start"]
CONTAINERFILE
fi

if ! podman image exists localhost/tsvlm-azurite:debian12; then
  version=$(sed -n 's/.*storage\/azurite:\(.*\)$/\1/p' deploy/compose/compose.yaml)
  debian azurite nodejs,netcat-openbsd,ca-certificates 'chroot "$1" useradd --uid 1000 --user-group node' 'install -d -o 1000 -g 1000 "$1"/data'
  npm install --prefix "$work/context/azurite" --ignore-scripts --no-audit --no-fund "azurite@$version" > "$work/npm.log" 2>&1 ||
    fail "azurite: npm could not install azurite@$version: $(tail -n 3 "$work/npm.log")"
  image azurite <<'CONTAINERFILE'
FROM localhost/tsvlm-azurite-root:debian12
COPY azurite/ /opt/azurite/
COPY --chmod=755 azurite.sh /usr/local/bin/azurite-blob
USER 1000:1000
CMD ["azurite-blob", "--blobHost", "0.0.0.0", "--location", "/data"]
CONTAINERFILE
fi
