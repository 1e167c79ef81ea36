{{/* One rule `to:` peers over TCP ports. Argument: (dict "to" [peers; anyone where empty] "ports" [numbers]) */}}
{{- define "lamplight.egress" -}}
- ports:
    {{- range .ports }}
    - { protocol: TCP, port: {{ include "lamplight.text" . }} }
    {{- end }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "lamplight.egressTo" -}}
- to:
    - podSelector:
        matchLabels: {{- include "lamplight.selectorLabels" . | nindent 10 }}
  ports:
    {{- range .ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
{{- end -}}

{{- define "lamplight.egressDns" -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
  {{- with .Values.networkPolicy.dnsTo }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* To MongoDB and Redis, bundled or not. */}}
{{- define "lamplight.egressDatabases" -}}
{{- range $name, $port := dict "mongodb" 27017 "redis" 6379 }}
{{- if (index $.Values $name).bundled.enabled }}
{{ include "lamplight.egressTo" (dict "root" $ "component" $name "ports" (list $port)) }}
{{- else }}
{{ include "lamplight.egress" (index $.Values.networkPolicy $name) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The ports that are listed, and those of addresses. Argument: (dict "ports" [numbers] "addresses" [texts]). A JSON list. */}}
{{- define "lamplight.portsOf" -}}
{{- $ports := list -}}
{{- range .ports }}{{ $ports = append $ports (int .) }}{{ end -}}
{{- range compact .addresses -}}
{{- $url := urlParse . -}}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) -}}
{{- $ports = append $ports (int (default (ternary 80 443 (eq $url.scheme "http")) $port)) -}}
{{- end -}}
{{ uniq $ports | toJson }}
{{- end -}}

{{/* The ports of the models. A JSON list. */}}
{{- define "lamplight.modelPorts" -}}
{{- $addresses := list (dig "OPENAI_BASE_URL" "" .Values.settings | toString) -}}
{{- range dig "providers" list .Values.models.config }}{{ $addresses = append $addresses (dig "baseUrl" "" . | toString) }}{{ end -}}
{{ include "lamplight.portsOf" (dict "ports" .Values.networkPolicy.models.ports "addresses" $addresses) }}
{{- end -}}
