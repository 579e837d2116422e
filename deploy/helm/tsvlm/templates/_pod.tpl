{{/*
The pod template of a service: (dict "root" ROOT "name" NAME "settings" SETTINGS "env" ENV "mounts" MOUNTS "volumes" VOLUMES "gpu" GPU).
ENV, MOUNTS and VOLUMES are lists beside what every service has; GPU is empty or the gpu section of a worker. The pages (web) have no folder
for work, no models, and no server but scenarios.
*/}}
{{- define "tsvlm.pod" -}}
{{- $root := .root -}}
{{- $settings := .settings -}}
{{- $gpu := .gpu | default dict -}}
{{- $isPages := eq .name "web" -}}
metadata:
  labels: {{- include "tsvlm.selector" (list $root .name) | nindent 4 }}
    {{- if $root.Values.workloadIdentity.enabled }}
    azure.workload.identity/use: "true"
    {{- end }}
    {{- with $settings.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  {{- with $settings.podAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "tsvlm.fullname" $root }}-{{ .name }}
  automountServiceAccountToken: false
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $settings.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $gpu.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  terminationGracePeriodSeconds: {{ $settings.terminationGracePeriodSeconds | default 60 }}
  securityContext: {{- include "tsvlm.podSecurity" 1654 | nindent 4 }}
  {{- with merge (dict) $settings.nodeSelector ($gpu.nodeSelector | default dict) }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with concat $settings.tolerations ($gpu.tolerations | default list) }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $settings.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.topologySpread }}
  {{- if .enabled }}
  topologySpreadConstraints:
    - maxSkew: {{ .maxSkew }}
      topologyKey: {{ .topologyKey }}
      whenUnsatisfiable: {{ .whenUnsatisfiable }}
      labelSelector:
        matchLabels: {{- include "tsvlm.selector" (list $root $.name) | nindent 10 }}
  {{- end }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "tsvlm.image" (list $root $settings.image) }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      securityContext: {{- include "tsvlm.containerSecurity" . | nindent 8 }}
      ports:
        - { name: http, containerPort: 8080 }
      env: {{- include "tsvlm.environment" (list $root .name) | nindent 8 }}
        {{- with concat (.env | default list) $settings.extraEnv }}{{ toYaml . | nindent 8 }}{{ end }}
      # The first start loads libtorch, and a busy trainer may answer late.
      startupProbe: { httpGet: { path: /alive, port: http }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 36 }
      livenessProbe: { httpGet: { path: /alive, port: http }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 }
      readinessProbe: { httpGet: { path: /health, port: http }, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 3 }
      resources: {{- include "tsvlm.resources" (list $settings.resources $gpu) | nindent 8 }}
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
        {{- if not $isPages }}
        - { name: work, mountPath: /work }
        {{- end }}
        {{- if and $root.Values.models.enabled (not $isPages) }}
        - { name: models, mountPath: /models, readOnly: true }
        {{- end }}
        {{- with .mounts }}{{ toYaml . | nindent 8 }}{{ end }}
  volumes:
    - name: tmp
      emptyDir: { sizeLimit: 1Gi }
    {{- if not $isPages }}
    - name: work
      emptyDir: { sizeLimit: {{ $settings.workDirectory.sizeLimit }} }
    {{- end }}
    {{- if and $root.Values.models.enabled (not $isPages) }}
    - name: models
      persistentVolumeClaim: { claimName: {{ $root.Values.models.existingClaim | default (printf "%s-models" (include "tsvlm.fullname" $root)) }}, readOnly: true }
    {{- end }}
    {{- with .volumes }}{{ toYaml . | nindent 4 }}{{ end }}
{{- end }}

{{/* What every service is told: (list ROOT NAME). */}}
{{- define "tsvlm.environment" -}}
{{- $root := index . 0 -}}
- { name: ASPNETCORE_HTTP_PORTS, value: "8080" }
{{- if ne (index . 1) "web" }}
- { name: Work__Directory, value: /work }
{{- if $root.Values.models.enabled }}
- { name: Models__Directory, value: /models }
{{- end }}
{{ include "tsvlm.secretEnv" (list "ConnectionStrings__messaging" (include "tsvlm.messagingSecret" $root) $root.Values.messaging.secret.uriKey) }}
{{- if $root.Values.blobs.uri }}
- { name: ConnectionStrings__blobs, value: {{ $root.Values.blobs.uri | quote }} }
{{- else }}
{{ include "tsvlm.secretEnv" (list "ConnectionStrings__blobs" (include "tsvlm.blobsSecret" $root) $root.Values.blobs.secret.key) }}
{{- end }}
{{- end }}
{{- if $root.Values.telemetry.endpoint }}
{{ include "tsvlm.telemetry" . }}
{{- end }}
{{- end }}

{{/*
Where a service sends traces, metrics and logs, and what they say of it: (list ROOT NAME). Attributes of the pod are those of OpenTelemetry's
semantic conventions; Kubernetes puts them in place of $(VARIABLE), which must stand above.
*/}}
{{- define "tsvlm.telemetry" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $telemetry := $root.Values.telemetry -}}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ $telemetry.endpoint | quote }} }
- { name: OTEL_EXPORTER_OTLP_PROTOCOL, value: {{ $telemetry.protocol }} }
{{- with $telemetry.headers.secret }}
{{- if .name }}
{{ include "tsvlm.secretEnv" (list "OTEL_EXPORTER_OTLP_HEADERS" .name .key) }}
{{- end }}
{{- end }}
- { name: OTEL_SERVICE_NAME, value: {{ $name }} }
- { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
- { name: POD_UID, valueFrom: { fieldRef: { fieldPath: metadata.uid } } }
- { name: POD_NAMESPACE, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }
- { name: NODE_NAME, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
{{- $attributes := dict "service.namespace" $root.Release.Namespace "service.version" $root.Chart.AppVersion
  "k8s.namespace.name" "$(POD_NAMESPACE)" "k8s.pod.name" "$(POD_NAME)" "k8s.pod.uid" "$(POD_UID)" "k8s.node.name" "$(NODE_NAME)"
  "k8s.deployment.name" (printf "%s-%s" (include "tsvlm.fullname" $root) $name) "k8s.container.name" $name }}
{{- $pairs := list }}
{{- range $key, $value := mergeOverwrite $attributes $telemetry.resourceAttributes }}
{{- $pairs = append $pairs (printf "%s=%s" $key $value) }}
{{- end }}
- { name: OTEL_RESOURCE_ATTRIBUTES, value: {{ join "," $pairs | quote }} }
- { name: OTEL_TRACES_SAMPLER, value: {{ $telemetry.sampler }} }
{{- if eq $telemetry.sampler "parentbased_traceidratio" }}
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ $telemetry.samplerRatio | quote }} }
{{- end }}
{{- end }}

{{/* Resources with the GPUs among the limits, where Kubernetes wants them: (list RESOURCES GPU). */}}
{{- define "tsvlm.resources" -}}
{{- $resources := deepCopy (index . 0) -}}
{{- with index . 1 -}}
{{- $_ := set $resources "limits" (merge (dict .resource (toString .count)) ($resources.limits | default dict)) -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end }}

{{/* No root, no privileges, the files of mounted volumes for the pod's own group: (UID). */}}
{{- define "tsvlm.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "tsvlm.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}
