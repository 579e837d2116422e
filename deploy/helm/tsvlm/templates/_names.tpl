{{/* The prefix of every object's name: the release's, unless values name another. */}}
{{- define "tsvlm.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $chart := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $chart) (contains $chart .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* Labels that never change, of one component: (list ROOT NAME). */}}
{{- define "tsvlm.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "tsvlm.labels" -}}
{{- $root := index . 0 -}}
{{ include "tsvlm.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Name and labels of one component's object: (list ROOT NAME). */}}
{{- define "tsvlm.metadata" -}}
name: {{ include "tsvlm.fullname" (index . 0) }}-{{ index . 1 }}
namespace: {{ (index . 0).Release.Namespace }}
labels: {{- include "tsvlm.labels" . | nindent 2 }}
{{- end }}

{{/* The image of a service: (list ROOT IMAGE). A digest counts before a tag. */}}
{{- define "tsvlm.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- with $root.Values.image.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{ $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default $root.Values.image.tag | default $root.Chart.AppVersion }}{{ end -}}
{{- end }}

{{/* The components that are programs of TsVlm, as YAML: those of the pipeline, and the pages where they are wanted. */}}
{{- define "tsvlm.programs" -}}
{{ append (list "scenarios" "datagen" "trainer" "evaluator") (ternary "web" "" .Values.web.enabled) | compact | toYaml }}
{{- end }}

{{/* A worker's settings: workerDefaults with its own over them, as YAML: (list ROOT NAME). */}}
{{- define "tsvlm.worker" -}}
{{- $root := index . 0 -}}
{{- mergeOverwrite (deepCopy $root.Values.workerDefaults) (index $root.Values.workers (index . 1)) | toYaml -}}
{{- end }}

{{/* What a worker consumes, and the section of its settings where it has any. The names are the services' own. */}}
{{- define "tsvlm.work" -}}
datagen: { queues: [generate-samples] }
trainer: { queues: [train-model], section: Trainer }
evaluator: { queues: [evaluate-model, report-experiment], section: Evaluator }
{{- end }}

{{- define "tsvlm.messagingSecret" -}}
{{ .Values.messaging.secret.name | default (printf "%s-messaging" (include "tsvlm.fullname" .)) }}
{{- end }}

{{- define "tsvlm.databaseSecret" -}}
{{ .Values.database.secret.name | default (printf "%s-runs" (include "tsvlm.fullname" .)) }}
{{- end }}

{{- define "tsvlm.blobsSecret" -}}
{{ .Values.blobs.secret.name | default (printf "%s-blobs" (include "tsvlm.fullname" .)) }}
{{- end }}

{{- define "tsvlm.apiKeySecret" -}}
{{ .Values.scenarios.apiKey.secret.name | default (printf "%s-api" (include "tsvlm.fullname" .)) }}
{{- end }}

{{/* One environment variable from a Secret: (list VARIABLE SECRET KEY). */}}
{{- define "tsvlm.secretEnv" -}}
- name: {{ index . 0 }}
  valueFrom: { secretKeyRef: { name: {{ index . 1 }}, key: {{ index . 2 }} } }
{{- end }}
