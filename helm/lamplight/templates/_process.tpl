{{/* The Deployment of one process. Argument: (dict "root" $ "component" "api") */}}
{{- define "lamplight.process" -}}
{{- $root := .root -}}
{{- $values := index $root.Values .component -}}
{{- $name := printf "%s-%s" (include "lamplight.fullname" $root) .component -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels: {{- include "lamplight.labels" . | nindent 4 }}
spec:
  {{- include "lamplight.strategy" . | nindent 2 }}
  selector:
    matchLabels: {{- include "lamplight.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "lamplight.selectorLabels" . | nindent 8 }}
        {{- with merge (dict) $values.podLabels $root.Values.commonLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ .component }}
        {{- if $root.Values.models.config }}
        checksum/models: {{ toJson $root.Values.models.config | sha256sum }}
        {{- end }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "lamplight.podBase" $root | nindent 6 }}
      serviceAccountName: {{ include "lamplight.serviceAccountName" $root }}
      terminationGracePeriodSeconds: {{ include "lamplight.terminationGrace" . }}
      securityContext: {{- toYaml $root.Values.podSecurityContext | nindent 8 }}
      {{- include "lamplight.placement" . | nindent 6 }}
      containers:
        - name: {{ .component }}
          image: {{ include "lamplight.serverImage" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          command: [node, services/{{ .component }}/main.ts]
          env: {{- include "lamplight.processEnv" . | nindent 12 }}
          ports:
            {{- if has .component (list "api" "realtime") }}
            - { name: http, containerPort: 3000 }
            {{- end }}
            - { name: ops, containerPort: 9464 }
          # The ops port opens when the process serves.
          startupProbe:
            httpGet: { path: /readyz, port: ops }
            periodSeconds: 2
            timeoutSeconds: 3
            failureThreshold: 60
          readinessProbe:
            httpGet: { path: /readyz, port: ops }
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 2
          livenessProbe:
            httpGet: { path: /livez, port: ops }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          {{- if $values.preStopSeconds }}
          lifecycle:
            preStop:
              sleep: { seconds: {{ int $values.preStopSeconds }} }
          {{- end }}
          securityContext: {{- toYaml $root.Values.containerSecurityContext | nindent 12 }}
          resources: {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- if $root.Values.models.config }}
            - { name: models, mountPath: /etc/lamplight/models, readOnly: true }
            {{- end }}
            {{- with $root.Values.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: { sizeLimit: {{ $root.Values.tmpSizeLimit }} }
        {{- if $root.Values.models.config }}
        - name: models
          configMap: { name: {{ include "lamplight.fullname" $root }}-models }
        {{- end }}
        {{- with $root.Values.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end -}}
