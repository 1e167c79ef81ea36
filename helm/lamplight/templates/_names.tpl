{{- define "lamplight.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What never changes, for selectors. Argument: (dict "root" $ "component" "api"); without a component, all pods. */}}
{{- define "lamplight.selectorLabels" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "lamplight.labels" -}}
{{ include "lamplight.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: lamplight
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Argument: (dict "root" $ "image" .Values.image) */}}
{{- define "lamplight.image" -}}
{{- $name := printf "%s%s" (ternary (printf "%s/" .image.registry) "" (ne .image.registry "")) .image.repository -}}
{{- if .image.digest -}}
{{ $name }}@{{ .image.digest }}
{{- else -}}
{{ $name }}:{{ default .root.Chart.AppVersion .image.tag }}
{{- end -}}
{{- end -}}

{{- define "lamplight.serverImage" -}}
{{ include "lamplight.image" (dict "root" . "image" .Values.image) }}
{{- end -}}

{{- define "lamplight.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "lamplight.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}

{{/* The Secret that signs what people are given. */}}
{{- define "lamplight.accountsSecret" -}}
{{ default (printf "%s-accounts" (include "lamplight.fullname" .)) .Values.accounts.existingSecret.name }}
{{- end -}}

{{/* The host of publicUrl and, where it differs, of apiUrl, as a JSON list. */}}
{{- define "lamplight.hosts" -}}
{{- $hosts := list -}}
{{- range compact (list .Values.publicUrl .Values.apiUrl) -}}
{{- $hosts = append $hosts (regexReplaceAll ":[0-9]+$" (urlParse .).host "") -}}
{{- end -}}
{{ uniq $hosts | toJson }}
{{- end -}}

{{/* The Secret of the edge's certificate. */}}
{{- define "lamplight.edgeTlsSecret" -}}
{{ default (printf "%s-edge-tls" (include "lamplight.fullname" .)) .Values.edge.tls.existingSecret }}
{{- end -}}

{{/* A number or text as it is written: Helm holds whole numbers as 4e+06. */}}
{{- define "lamplight.text" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) -}}{{ printf "%.0f" . }}{{- else -}}{{ . }}{{- end -}}
{{- end -}}
