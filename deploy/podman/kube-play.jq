# What `podman kube play` takes of the rendered chart, for yq: a StatefulSet becomes a Deployment and its claims, text of a Secret becomes base64.
# Other kinds are left out: podman/trial.sh prints them.
if .kind == "StatefulSet" then
  . as $set
  | (.spec.volumeClaimTemplates[] | { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "\(.metadata.name)-\($set.metadata.name)" }, spec }),
    (.kind = "Deployment"
     | .spec.template.spec.volumes += [.spec.volumeClaimTemplates[] | { name: .metadata.name, persistentVolumeClaim: { claimName: "\(.metadata.name)-\($set.metadata.name)" } }]
     | del(.spec.volumeClaimTemplates, .spec.serviceName))
elif .kind == "Secret" then .data = ((.data // {}) + ((.stringData // {}) | map_values(@base64))) | del(.stringData)
elif .kind == "Deployment" or .kind == "ConfigMap" or .kind == "PersistentVolumeClaim" then .
else empty end
