#!/usr/bin/env bash
# Builds the container image of each service with the .NET SDK; no Dockerfile, and without --registry or --archives a local Docker or Podman.
#   deploy/images.sh                                   into the local Docker or Podman: tsvlm-scenarios:0.1.0 ...
#   deploy/images.sh --registry registry.example.org --prefix team/   pushed; credentials as docker login left them
#   deploy/images.sh --archives out/images             one tar file each, for `kind load image-archive` or `ctr images import`
#   deploy/images.sh --cuda trainer evaluator          these alone, with libtorch for NVIDIA GPUs, tagged 0.1.0-cuda
# The tag is the version in Directory.Build.props. BASE_IMAGE names another base than the SDK's mcr.microsoft.com/dotnet/aspnet:10.0, such as a mirror's.
set -euo pipefail
cd "$(dirname "$0")/.."

tag=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' Directory.Build.props)
prefix='' archives='' services=() properties=()
while [ $# -gt 0 ]; do
  case $1 in
    --registry) properties+=("-p:ContainerRegistry=$2"); shift ;;
    --prefix) prefix=$2; shift ;;
    --tag) tag=$2; shift ;;
    --archives) archives=$2; shift ;;
    --cuda) cuda=1; properties+=(-p:TorchCuda=true) ;;
    scenarios | datagen | trainer | evaluator) services+=("$1") ;;
    *) echo "deploy/images.sh: expected --registry, --prefix, --tag, --archives, --cuda or the name of a service, found $1." >&2; exit 2 ;;
  esac
  shift
done
[ ${#services[@]} -gt 0 ] || services=(scenarios datagen trainer evaluator)
[ -z "${cuda:-}" ] || tag=$tag-cuda
[ -z "${BASE_IMAGE:-}" ] || properties+=("-p:ContainerBaseImage=$BASE_IMAGE")

for service in "${services[@]}"; do
  image=("-p:ContainerRepository=${prefix}tsvlm-$service" "-p:ContainerImageTag=$tag")
  [ -z "$archives" ] || image+=("-p:ContainerArchiveOutputPath=$(realpath -m "$archives")/tsvlm-$service-$tag.tar")
  # Numeric, because Kubernetes cannot tell from a name that a user is not root. 1654 is the base image's user app.
  dotnet publish "services/$service" -c Release -r linux-x64 --no-self-contained -t:PublishContainer \
    -p:EnableSdkContainerSupport=true -p:ContainerUser=1654 "${image[@]}" ${properties[@]+"${properties[@]}"}
done
