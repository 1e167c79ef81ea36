{{/* Where pods go. Argument: (dict "root" $ "component" "api") */}}
{{- define "lamplight.placement" -}}
{{- $values := index .root.Values .component -}}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
{{- if $values.topologySpreadConstraints }}
{{ toYaml $values.topologySpreadConstraints | indent 2 }}
{{- else }}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels: {{- include "lamplight.selectorLabels" $ | nindent 8 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What all pods have in common. Argument: $ */}}
{{- define "lamplight.podBase" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "lamplight.strategy" -}}
{{- $values := index .root.Values .component -}}
{{- if not $values.autoscaling.enabled }}
replicas: {{ $values.replicas }}
{{- end }}
revisionHistoryLimit: 5
progressDeadlineSeconds: 300
minReadySeconds: {{ .root.Values.minReadySeconds }}
# As many pods serve during an upgrade as before it.
strategy:
  type: RollingUpdate
  rollingUpdate: { maxUnavailable: 0, maxSurge: {{ $values.maxSurge }} }
{{- end -}}
