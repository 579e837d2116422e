# What `podman kube play` of Podman 4.3 takes of the rendered chart (a list of all objects, for yq). Other kinds are left out; trial.sh prints them.
# - A StatefulSet becomes a Deployment and its claims.
# - Values of Secrets are put where they are used: Podman cannot read the Secrets that it plays.
# - Volumes get the name of their pod: an emptyDir of the same name is shared by all pods.
# - /var/run is written as /run, to which it leads: Podman follows that link out of the container and takes the owner of this machine's folder.
# - Only the API has a port on this machine ($port, in place of `kubectl port-forward`): every other port would be opened there too.
(map(select(.kind == "Secret") | { key: .metadata.name, value: .stringData }) | from_entries) as $secrets
| .[]
| select(.kind | IN("StatefulSet", "Deployment", "ConfigMap", "PersistentVolumeClaim"))
| .metadata.name as $name | (.spec.volumeClaimTemplates // []) as $claims
| if .spec.template then .spec.template.spec |= (
    .volumes += [$claims[] | { name: .metadata.name, persistentVolumeClaim: { claimName: "\(.metadata.name)-\($name)" } }]
    | .volumes[].name |= "\($name)-\(.)"
    | .containers[0] |= (
        .volumeMounts[] |= (.name |= "\($name)-\(.)" | .mountPath |= sub("^/var/run/"; "/run/"))
        | .ports = if $name == "tsvlm-scenarios" then [{ containerPort: 8080, hostPort: $port, hostIP: "127.0.0.1" }] else [] end
        | .env = [.env[]? | if .valueFrom then { name, value: $secrets[.valueFrom.secretKeyRef.name][.valueFrom.secretKeyRef.key] } else . end])) else . end
| if .kind == "StatefulSet" then
    ($claims[] | { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "\(.metadata.name)-\($name)" }, spec }),
    (.kind = "Deployment" | del(.spec.volumeClaimTemplates, .spec.serviceName))
  else . end
