{{/* MONGODB_URI and REDIS_URL. */}}
{{- define "lamplight.databaseEnv" -}}
{{- $name := include "lamplight.fullname" . -}}
{{- with .Values.mongodb }}
{{- if .bundled.enabled }}
- name: MONGODB_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ .existingSecret.name | quote }}, key: {{ .bundled.passwordKey | quote }} } }
- name: MONGODB_URI
  value: mongodb://lamplight:$(MONGODB_PASSWORD)@{{ $name }}-mongodb:27017/lamplight?authSource=admin
{{- else }}
- name: MONGODB_URI
  valueFrom: { secretKeyRef: { name: {{ .existingSecret.name | quote }}, key: {{ .existingSecret.key | quote }} } }
{{- end }}
{{- end }}
{{- with .Values.redis }}
{{- if .bundled.enabled }}
- name: REDIS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ .existingSecret.name | quote }}, key: {{ .bundled.passwordKey | quote }} } }
- name: REDIS_URL
  value: redis://:$(REDIS_PASSWORD)@{{ $name }}-redis:6379
{{- else }}
- name: REDIS_URL
  valueFrom: { secretKeyRef: { name: {{ .existingSecret.name | quote }}, key: {{ .existingSecret.key | quote }} } }
{{- end }}
{{- end }}
{{- end -}}

{{/* What the migration and every process are told alike. In DATA_DIR are mails alone, where there is no mail server. */}}
{{- define "lamplight.commonEnv" -}}
- { name: PUBLIC_URL, value: {{ .Values.publicUrl | quote }} }
- { name: DATA_DIR, value: /tmp/lamplight }
{{- range $name, $value := .Values.settings }}
{{- /* YAML as Helm reads it takes a bare on or off for a truth. */}}
{{- if and (eq $name "GUESTS") (kindIs "bool" $value) }}{{ $value = ternary "on" "off" $value }}{{ end }}
- { name: {{ $name }}, value: {{ include "lamplight.text" $value | quote }} }
{{- end }}
- name: JWT_SECRET
  valueFrom: { secretKeyRef: { name: {{ include "lamplight.accountsSecret" . | quote }}, key: {{ .Values.accounts.existingSecret.jwtSecretKey | quote }} } }
{{- include "lamplight.databaseEnv" . }}
{{- end -}}

{{/* The settings of a process. Argument: (dict "root" $ "component" "api") */}}
{{- define "lamplight.processEnv" -}}
{{- $root := .root -}}
- { name: HOST, value: 0.0.0.0 }
- { name: PORT, value: '3000' }
- { name: OPS_PORT, value: '9464' }
{{- $exact := list }}
{{- range $root.Values.corsOrigins }}{{ if not (contains "*" .) }}{{ $exact = append $exact . }}{{ end }}{{ end }}
{{- with $exact }}
- { name: CORS_ORIGINS, value: {{ join "," . | quote }} }
{{- end }}
{{- with $root.Values.trustedProxies }}
- { name: TRUSTED_PROXIES, value: {{ join "," . | quote }} }
{{- end }}
- { name: SHUTDOWN_GRACE_SECONDS, value: {{ include "lamplight.shutdownGrace" . | quote }} }
{{ include "lamplight.commonEnv" $root }}
{{- $component := .component }}
{{- with $root.Values.oidc.existingSecret }}
{{- if and .name (eq $component "api") }}
- name: OIDC_CLIENT_SECRET
  valueFrom: { secretKeyRef: { name: {{ .name | quote }}, key: {{ .key | quote }} } }
{{- end }}
{{- end }}
{{- with $root.Values.openai.existingSecret }}
{{- if .name }}
- name: OPENAI_API_KEY
  valueFrom: { secretKeyRef: { name: {{ .name | quote }}, key: {{ .key | quote }} } }
{{- end }}
{{- end }}
{{- with $root.Values.smtp.existingSecret }}
{{- if .name }}
- name: SMTP_URL
  valueFrom: { secretKeyRef: { name: {{ .name | quote }}, key: {{ .key | quote }} } }
{{- end }}
{{- end }}
{{- if $root.Values.models.config }}
- { name: MODELS_FILE, value: /etc/lamplight/models/models.yaml }
{{- end }}
{{- range $name, $secret := $root.Values.models.keys }}
- name: {{ $name }}
  valueFrom: { secretKeyRef: { name: {{ $secret.name | quote }}, key: {{ $secret.key | quote }} } }
{{- end }}
{{- with concat $root.Values.extraEnv (index $root.Values .component).extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What the program that renders the edge's configuration reads. */}}
{{- define "lamplight.edgeEnv" -}}
{{- $domain := printf "%s.svc.%s" .Release.Namespace .Values.clusterDomain -}}
{{- $name := include "lamplight.fullname" . -}}
- { name: PUBLIC_URL, value: {{ .Values.publicUrl | quote }} }
{{- with .Values.apiUrl }}
- { name: API_URL, value: {{ . | quote }} }
{{- end }}
{{- with .Values.corsOrigins }}
- { name: CORS_ORIGINS, value: {{ join "," . | quote }} }
{{- end }}
- { name: EDGE_TLS, value: {{ ternary "on" "off" .Values.edge.tls.enabled | quote }} }
- { name: EDGE_API_UPSTREAM, value: {{ printf "%s-api.%s:3000" $name $domain | quote }} }
- { name: EDGE_REALTIME_UPSTREAM, value: {{ printf "%s-realtime.%s:3000" $name $domain | quote }} }
{{- with .Values.edge }}
{{- with .resolver }}
- { name: EDGE_RESOLVER, value: {{ . | quote }} }
{{- end }}
{{- with .trustedProxies }}
- { name: EDGE_TRUSTED_PROXIES, value: {{ join "," . | quote }} }
{{- end }}
- { name: MAX_FILE_SIZE_MB, value: {{ include "lamplight.text" .maxFileSizeMB | quote }} }
- { name: EDGE_WORKERS, value: {{ include "lamplight.text" .workers | quote }} }
{{- if not (kindIs "invalid" .requestsPerSecond) }}
- { name: EDGE_REQUESTS_PER_SECOND, value: {{ include "lamplight.text" .requestsPerSecond | quote }} }
{{- end }}
{{- if not (kindIs "invalid" .connectionsPerAddress) }}
- { name: EDGE_CONNECTIONS_PER_ADDRESS, value: {{ include "lamplight.text" .connectionsPerAddress | quote }} }
{{- end }}
{{- with .extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end -}}
