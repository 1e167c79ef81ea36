{{/* The pod that brings the database to this release. */}}
{{- define "lamplight.migrationPod" -}}
metadata:
  labels: {{- include "lamplight.selectorLabels" (dict "root" $ "component" "migration") | nindent 4 }}
  {{- with .Values.migration.podAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- include "lamplight.podBase" . | nindent 2 }}
  restartPolicy: Never
  serviceAccountName: {{ .Values.migration.serviceAccountName }}
  securityContext: {{- toYaml .Values.podSecurityContext | nindent 4 }}
  containers:
    - name: migration
      image: {{ include "lamplight.serverImage" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      command: [node, services/migrate/main.ts]
      env:
        {{- include "lamplight.commonEnv" . | nindent 8 }}
        # Of the administrator, whom the first start creates.
        - name: ADMIN_PASSWORD
          valueFrom: { secretKeyRef: { name: {{ include "lamplight.accountsSecret" . | quote }}, key: {{ .Values.accounts.existingSecret.adminPasswordKey | quote }} } }
        {{- with concat .Values.extraEnv .Values.migration.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      securityContext: {{- toYaml .Values.containerSecurityContext | nindent 8 }}
      resources: {{- toYaml .Values.migration.resources | nindent 8 }}
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: { sizeLimit: {{ .Values.tmpSizeLimit }} }
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
