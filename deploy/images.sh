#!/usr/bin/env bash
# Builds one container image per service with the .NET SDK. There is no Dockerfile. Docker or Podman is needed only without --registry and --archives.
#   deploy/images.sh                                   into the local Docker or Podman: tsvlm-scenarios:0.1.0 ...
#   deploy/images.sh --registry registry.example.org --prefix team/   pushed, with the credentials of docker login
#   deploy/images.sh --archives out/images             one tar file per image, for `kind load image-archive` or `ctr images import`
#   deploy/images.sh --cuda trainer evaluator          only these, with libtorch for NVIDIA GPUs, tagged 0.1.0-cuda
# The default tag is the version in Directory.Build.props. BASE_IMAGE replaces the base image mcr.microsoft.com/dotnet/aspnet:10.0, for example by that of a mirror.
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
  # Numeric, because Kubernetes cannot verify by name that a user is not root. 1654 is the user app of the base image.
  dotnet publish "services/$service" -c Release -r linux-x64 --no-self-contained -t:PublishContainer \
    -p:EnableSdkContainerSupport=true -p:ContainerUser=1654 "${image[@]}" ${properties[@]+"${properties[@]}"}
done
