{{/*
One pod with a volume, and its Service: (dict "root" ROOT "name" NAME "values" VALUES "server" SERVER).
VALUES: image, storage, resources. SERVER: uid, ports by name, data (where its volume goes), env, args, probe, mounts, volumes.
*/}}
{{- define "tsvlm.server" -}}
{{- $root := .root -}}
{{- $server := .server -}}
apiVersion: apps/v1
kind: StatefulSet
metadata: {{- include "tsvlm.metadata" (list $root .name) | nindent 2 }}
spec:
  replicas: 1
  serviceName: {{ include "tsvlm.fullname" $root }}-{{ .name }}
  selector:
    matchLabels: {{- include "tsvlm.selector" (list $root .name) | nindent 6 }}
  template:
    metadata:
      labels: {{- include "tsvlm.selector" (list $root .name) | nindent 8 }}
      {{- with $server.annotations }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      automountServiceAccountToken: false
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      terminationGracePeriodSeconds: 60
      securityContext: {{- include "tsvlm.podSecurity" $server.uid | nindent 8 }}
      containers:
        - name: {{ .name }}
          image: {{ .values.image }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          securityContext: {{- include "tsvlm.containerSecurity" . | nindent 12 }}
          {{- with $server.args }}
          args: {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with $server.env }}
          env: {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            {{- range $port, $number := $server.ports }}
            - { name: {{ $port }}, containerPort: {{ $number }} }
            {{- end }}
          startupProbe: {{- merge (dict "periodSeconds" 5 "timeoutSeconds" 10 "failureThreshold" 60) $server.probe | toYaml | nindent 12 }}
          livenessProbe: {{- merge (dict "periodSeconds" 30 "timeoutSeconds" 15 "failureThreshold" 5) $server.probe | toYaml | nindent 12 }}
          readinessProbe: {{- merge (dict "periodSeconds" 10 "timeoutSeconds" 10) $server.probe | toYaml | nindent 12 }}
          resources: {{- toYaml .values.resources | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- with $server.mounts }}{{ toYaml . | nindent 12 }}{{ end }}
            # Last, because its mount path may be inside another one.
            - { name: data, mountPath: {{ $server.data }} }
      volumes:
        - { name: tmp, emptyDir: {} }
        {{- with $server.volumes }}{{ toYaml . | nindent 8 }}{{ end }}
  volumeClaimTemplates:
    - metadata: { name: data }
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .values.storage.storageClass }}
        storageClassName: {{ . }}
        {{- end }}
        resources: { requests: { storage: {{ .values.storage.size }} } }
---
apiVersion: v1
kind: Service
metadata: {{- include "tsvlm.metadata" (list $root .name) | nindent 2 }}
spec:
  selector: {{- include "tsvlm.selector" (list $root .name) | nindent 4 }}
  ports:
    {{- range $port, $number := $server.ports }}
    - { name: {{ $port }}, port: {{ $number }}, targetPort: {{ $port }} }
    {{- end }}
{{- end }}
