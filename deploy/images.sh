#!/usr/bin/env bash
# Builds one container image per service from deploy/Containerfile with Docker or Podman.
#   deploy/images.sh                                   into the local Docker or Podman: tsvlm-scenarios:0.1.0 ...
#   deploy/images.sh --registry registry.example.org --prefix team/   also pushed, with the credentials of docker login
#   deploy/images.sh --archives out/images             also one tar file per image, for `kind load image-archive` or `ctr images import`
#   deploy/images.sh --cuda trainer evaluator          only these, with libtorch for NVIDIA GPUs, tagged 0.1.0-cuda
#   deploy/images.sh --prepare out/folders             only the folders from which images are built; needs no Docker or Podman
# The default tag is the version in Directory.Build.props. Variables: ENGINE (docker or podman; default: the first one that answers), BASE_IMAGE (instead of
# mcr.microsoft.com/dotnet/aspnet:10.0), IMAGE_SOURCE (address of the sources, for the image's label).
set -euo pipefail
cd "$(dirname "$0")/.."
fail() { echo "deploy/images.sh: $1" >&2; exit 2; }

tag=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' Directory.Build.props)
prefix='' registry='' archives='' folders='' services=() properties=()
while [ $# -gt 0 ]; do
  case $1 in
    --registry | --prefix | --tag | --archives | --prepare) [ $# -gt 1 ] || fail "expected a value after $1, found none." ;;&
    --registry) registry=${2%/}/; shift ;;
    --prefix) prefix=$2; shift ;;
    --tag) tag=$2; shift ;;
    --archives) archives=$2; shift ;;
    --prepare) folders=$2; shift ;;
    --cuda) cuda=1; properties+=(-p:TorchCuda=true) ;;
    scenarios | datagen | trainer | evaluator | web) services+=("$1") ;;
    *) fail "expected --registry, --prefix, --tag, --archives, --cuda, --prepare or the name of a service, found $1." ;;
  esac
  shift
done
[ ${#services[@]} -gt 0 ] || services=(scenarios datagen trainer evaluator web)
[ -z "${cuda:-}" ] || tag=$tag-cuda
if [ -z "$folders" ]; then
  engine=${ENGINE:-}
  for candidate in docker podman; do
    # A client may be there without its daemon.
    if [ -z "$engine" ] && "$candidate" info > /dev/null 2>&1; then engine=$candidate; fi
  done
  [ -n "$engine" ] || fail "expected Docker or Podman that answers 'info', found neither; start or install one (Debian: apt-get install podman)."
  folders=$(mktemp -d)
  trap 'rm -rf "$folders"' EXIT
fi

declare -A descriptions=(
  [scenarios]="TsVlm: HTTP API, run state and dispatch of stages" [datagen]="TsVlm: samples from data sets"
  [trainer]="TsVlm: fine-tuning of vision-language models" [evaluator]="TsVlm: predictions, baselines, metrics and reports"
  [web]="TsVlm: web pages over the HTTP API")
revision=$(git rev-parse HEAD 2> /dev/null || echo unknown)
[ -z "$(git status --porcelain 2> /dev/null)" ] || revision=$revision-dirty

# Sorts what dotnet publish wrote into one folder for each layer.
prepare() { # SERVICE FOLDER
  mkdir -p "$2"/{models,native,packages,own,work}
  # A lock file of its own, because restoring for one platform would change the project's.
  dotnet publish "services/$1" -c Release -r linux-x64 --no-self-contained --nologo -v quiet -o "$2/packages" \
    -p:NuGetLockFilePath=obj/image.lock.json ${properties[@]+"${properties[@]}"}
  # libtorch for Python, and libraries of libtorch's own tests: no service loads them.
  rm -f "$2"/packages/{web.config,libtorch_python.so,libtorchbind_test.so,libjitbackend_test.so,libbackend_with_compiler.so}
  if [ -d "$2/packages/models" ]; then mv "$2"/packages/models/* "$2/models"; rmdir "$2/packages/models"; fi
  find "$2/packages" -maxdepth 1 -name '*.so*' -exec mv -t "$2/native" {} +
  find "$2/packages" -maxdepth 1 \( -name 'TsVlm.*' -o -name 'appsettings*.json' -o -name wwwroot \) -exec mv -t "$2/own" {} +
  local program; program=$(basename "$2"/own/*.runtimeconfig.json .runtimeconfig.json)
  ln -s "$program" "$2/own/service"
  # The bill of materials: every package with version, licence and hash, from the restored project.
  dotnet tool run dotnet-CycloneDX "services/$1/$program.csproj" --output "$2/own" --filename sbom.cdx.json --output-format Json --disable-package-restore \
    --set-name "tsvlm-$1" --set-version "$tag" --set-type Container > "$2.sbom.log" 2>&1 || fail "no bill of materials of $1: $(tail -n 3 "$2.sbom.log")"
  rm "$2.sbom.log"
  # Equal files give equal layers, whenever and by whom they were published.
  chmod -R u=rwX,go=rX "$2"
  find "$2" -exec touch -h -d 2000-01-01T00:00:00Z {} +
}

dotnet tool restore > /dev/null
for service in "${services[@]}"; do
  folder=$folders/tsvlm-$service
  rm -rf "$folder"
  prepare "$service" "$folder"
  [ -n "${engine:-}" ] || continue
  image=$registry${prefix}tsvlm-$service:$tag
  "$engine" build --quiet --file deploy/Containerfile --tag "$image" ${BASE_IMAGE:+--build-arg "BASE_IMAGE=$BASE_IMAGE"} \
    ${IMAGE_SOURCE:+--label "org.opencontainers.image.source=$IMAGE_SOURCE"} \
    --build-arg "TITLE=tsvlm-$service" --build-arg "DESCRIPTION=${descriptions[$service]}" --build-arg "VERSION=$tag" \
    --build-arg "REVISION=$revision" --build-arg "CREATED=$(git log -1 --format=%cI 2> /dev/null)" "$folder" > /dev/null
  echo "$image"
  [ -z "$registry" ] || "$engine" push --quiet "$image"
  if [ -n "$archives" ]; then
    mkdir -p "$archives"
    # Podman does not replace an archive.
    rm -f "$archives/tsvlm-$service-$tag.tar"
    "$engine" save --output "$archives/tsvlm-$service-$tag.tar" "$image"
  fi
  rm -rf "$folder"
done
