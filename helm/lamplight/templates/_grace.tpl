{{/* SHUTDOWN_GRACE_SECONDS of a process. Argument: (dict "root" $ "component" "worker") */}}
{{- define "lamplight.shutdownGrace" -}}
{{- $values := index .root.Values .component -}}
{{- if not (kindIs "invalid" $values.shutdownGraceSeconds) -}}
{{ int $values.shutdownGraceSeconds }}
{{- else if eq .component "worker" -}}
{{ int (default 900 .root.Values.settings.MAX_RUN_SECONDS) }}
{{- else -}}
25
{{- end -}}
{{- end -}}

{{/* The least that terminationGracePeriodSeconds can be: a process may take 15 s more than its grace to end in order. */}}
{{- define "lamplight.leastTerminationGrace" -}}
{{- $values := index .root.Values .component -}}
{{ add (int $values.preStopSeconds) (int (include "lamplight.shutdownGrace" .)) 15 }}
{{- end -}}

{{- define "lamplight.terminationGrace" -}}
{{- $values := index .root.Values .component -}}
{{- if kindIs "invalid" $values.terminationGracePeriodSeconds -}}
{{ add (int (include "lamplight.leastTerminationGrace" .)) 5 }}
{{- else -}}
{{ int $values.terminationGracePeriodSeconds }}
{{- end -}}
{{- end -}}
