{{/*
A bundled database: a StatefulSet of one and its Service.
Argument: (dict "root" $ "component" "redis" "port" 6379 "container" {…what differs…} "mounts" […])
*/}}
{{- define "lamplight.database" -}}
{{- $root := .root -}}
{{- $bundled := (index $root.Values .component).bundled -}}
{{- $name := printf "%s-%s" (include "lamplight.fullname" $root) .component -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels: {{- include "lamplight.labels" . | nindent 4 }}
spec:
  clusterIP: None
  selector: {{- include "lamplight.selectorLabels" . | nindent 4 }}
  ports:
    - { name: {{ .component }}, port: {{ .port }}, targetPort: {{ .component }} }
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $name }}
  labels: {{- include "lamplight.labels" . | nindent 4 }}
spec:
  replicas: 1
  serviceName: {{ $name }}
  selector:
    matchLabels: {{- include "lamplight.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "lamplight.selectorLabels" . | nindent 8 }}
    spec:
      {{- include "lamplight.podBase" $root | nindent 6 }}
      serviceAccountName: {{ include "lamplight.serviceAccountName" $root }}
      terminationGracePeriodSeconds: 60
      {{- $user := int $bundled.runAsUser }}
      securityContext: {{- toYaml (merge (dict "runAsUser" $user "runAsGroup" $user "fsGroup" $user) $root.Values.podSecurityContext) | nindent 8 }}
      containers:
        - name: {{ .component }}
          image: {{ $bundled.image }}
          imagePullPolicy: IfNotPresent
          {{- toYaml .container | nindent 10 }}
          ports:
            - { name: {{ .component }}, containerPort: {{ .port }} }
          startupProbe:
            tcpSocket: { port: {{ .component }} }
            periodSeconds: 1
            failureThreshold: 120
          readinessProbe:
            tcpSocket: { port: {{ .component }} }
          livenessProbe:
            tcpSocket: { port: {{ .component }} }
            failureThreshold: 6
          securityContext: {{- toYaml $root.Values.containerSecurityContext | nindent 12 }}
          resources: {{- toYaml $bundled.resources | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- range .mounts }}
            - { name: data, mountPath: {{ . }}, subPath: {{ base . }} }
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: { sizeLimit: {{ $root.Values.tmpSizeLimit }} }
        {{- if not $bundled.persistence.enabled }}
        - name: data
          emptyDir: {}
        {{- end }}
  {{- if $bundled.persistence.enabled }}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        {{- with $bundled.persistence.storageClass }}
        storageClassName: {{ . }}
        {{- end }}
        resources:
          requests: { storage: {{ $bundled.persistence.size }} }
  {{- end }}
{{- end -}}
