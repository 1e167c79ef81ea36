{{/* Ends the rendering with all mistakes at once that a schema cannot see, or would not say so that one knows what to do. */}}
{{- define "lamplight.validate" -}}
{{- $problems := list -}}
{{- $origin := "^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$" -}}
{{- if not .Values.publicUrl -}}
{{- $problems = append $problems "publicUrl: is missing. Write what people type into their browser, such as https://chat.example.org." -}}
{{- else if not (regexMatch $origin .Values.publicUrl) -}}
{{- $problems = append $problems (printf "publicUrl: %q is not a scheme and a host alone. Write for example https://chat.example.org." .Values.publicUrl) -}}
{{- end -}}
{{- if and .Values.apiUrl (not (regexMatch $origin .Values.apiUrl)) -}}
{{- $problems = append $problems (printf "apiUrl: %q is not a scheme and a host alone. Write for example https://api.example.org, or nothing." .Values.apiUrl) -}}
{{- end -}}
{{- range .Values.corsOrigins -}}
{{- if not (regexMatch "^https?://([*][.])?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$" .) -}}
{{- $problems = append $problems (printf "corsOrigins: %q is not an origin. Write for example https://www.example.org or https://*.example.org." .) -}}
{{- end -}}
{{- end -}}
{{- range $name, $makes := dict "mongodb" "uri such as mongodb://user:password@host/lamplight" "redis" "url such as redis://:password@host:6379" -}}
{{- $values := index $.Values $name -}}
{{- if not $values.existingSecret.name -}}
{{- $what := ternary "the password, letters and digits alone" (printf "a %s" $makes) $values.bundled.enabled -}}
{{- $key := ternary $values.bundled.passwordKey $values.existingSecret.key $values.bundled.enabled -}}
{{- $problems = append $problems (printf "%s.existingSecret.name: is missing. Name a Secret of the namespace %s whose key %s holds %s." $name $.Release.Namespace $key $what) -}}
{{- end -}}
{{- end -}}
{{- range list "api" "realtime" "worker" "scheduler" -}}
{{- $context := dict "root" $ "component" . -}}
{{- $least := int (include "lamplight.leastTerminationGrace" $context) -}}
{{- if lt (int (include "lamplight.terminationGrace" $context)) $least -}}
{{- $problems = append $problems (printf "%s.terminationGracePeriodSeconds: would end a process that stops in order. Write %d or more (preStopSeconds, shutdownGraceSeconds and 15), or null." . $least) -}}
{{- end -}}
{{- end -}}
{{- if lt (int .Values.edge.terminationGracePeriodSeconds) (add (int .Values.edge.preStopSeconds) 35 | int) -}}
{{- $problems = append $problems (printf "edge.terminationGracePeriodSeconds: would cut streams before nginx closes them. Write %d or more (preStopSeconds and 35)." (add (int .Values.edge.preStopSeconds) 35)) -}}
{{- end -}}
{{- range list "api" "realtime" "worker" "scheduler" "edge" -}}
{{- $scaling := (index $.Values .).autoscaling -}}
{{- if $scaling.enabled -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- $problems = append $problems (printf "%s.autoscaling: minReplicas is above maxReplicas." .) -}}
{{- end -}}
{{- if not (or $scaling.targetCPU $scaling.targetStreams $scaling.targetQueueDepth) -}}
{{- $problems = append $problems (printf "%s.autoscaling: has nothing to scale by. Set targetCPU." .) -}}
{{- end -}}
{{- if and $scaling.keda $scaling.keda.enabled (or $scaling.targetStreams $scaling.targetQueueDepth) (not $.Values.keda.prometheusUrl) -}}
{{- $problems = append $problems (printf "keda.prometheusUrl: is missing, while %s is scaled by a metric. Write for example http://prometheus.monitoring:9090." .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.edge.service -}}
{{- if and (eq .type "ClusterIP") .externalTrafficPolicy -}}
{{- $problems = append $problems "edge.service.externalTrafficPolicy: is nothing that a ClusterIP has. Leave it empty, or set edge.service.type to LoadBalancer or NodePort." -}}
{{- end -}}
{{- if and (ne .type "LoadBalancer") .loadBalancerClass -}}
{{- $problems = append $problems (printf "edge.service.loadBalancerClass: is nothing that a %s has. Leave it empty, or set edge.service.type to LoadBalancer." .type) -}}
{{- end -}}
{{- end -}}
{{- $labels := dict "commonLabels" .Values.commonLabels -}}
{{- range list "api" "realtime" "worker" "scheduler" "edge" -}}
{{- $_ := set $labels (printf "%s.podLabels" .) (index $.Values .).podLabels -}}
{{- end -}}
{{- range $where, $given := $labels -}}
{{- range list "name" "instance" "component" -}}
{{- $label := printf "app.kubernetes.io/%s" . -}}
{{- if hasKey (default (dict) $given) $label -}}
{{- $problems = append $problems (printf "%s: has %s, by which the chart finds its pods. Leave it out." $where $label) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.edge.tls -}}
{{- if and .enabled .certManager.enabled .existingSecret -}}
{{- $problems = append $problems "edge.tls: existingSecret is given and certManager is enabled. Choose one." -}}
{{- else if and .enabled (not .certManager.enabled) (not .existingSecret) -}}
{{- $problems = append $problems "edge.tls.existingSecret: is missing. Name a Secret of the type kubernetes.io/tls, or enable edge.tls.certManager." -}}
{{- end -}}
{{- if and .enabled .certManager.enabled (not .certManager.issuerRef.name) -}}
{{- $problems = append $problems "edge.tls.certManager.issuerRef.name: is missing. Name an issuer of cert-manager." -}}
{{- end -}}
{{- if and .enabled (hasPrefix "http:" $.Values.publicUrl) -}}
{{- $problems = append $problems "publicUrl: begins with http://, while edge.tls is enabled. Write https://." -}}
{{- end -}}
{{- if and .enabled (or $.Values.ingress.enabled $.Values.gateway.enabled) -}}
{{- $problems = append $problems "edge.tls.enabled: the Ingress or Gateway ends TLS and speaks HTTP to the edge. Turn one of them off." -}}
{{- end -}}
{{- end -}}
{{- if and (or .Values.ingress.enabled .Values.gateway.enabled) (not .Values.edge.enabled) -}}
{{- $problems = append $problems "edge.enabled: is off, while an Ingress or Gateway leads to the edge. Turn it on." -}}
{{- end -}}
{{- with .Values.ingress -}}
{{- if and .enabled .tls.enabled (not .tls.existingSecret) (not .certManager.issuer) (not .certManager.clusterIssuer) -}}
{{- $problems = append $problems "ingress.tls.existingSecret: is missing. Name a Secret of the type kubernetes.io/tls, name an issuer in ingress.certManager, or turn ingress.tls off." -}}
{{- end -}}
{{- if and .enabled .tls.enabled (hasPrefix "http:" $.Values.publicUrl) -}}
{{- $problems = append $problems "publicUrl: begins with http://, while ingress.tls is enabled. Write https://, or turn ingress.tls off." -}}
{{- end -}}
{{- if and .certManager.issuer .certManager.clusterIssuer -}}
{{- $problems = append $problems "ingress.certManager: has an issuer and a clusterIssuer. Choose one." -}}
{{- end -}}
{{- end -}}
{{- if and .Values.gateway.enabled (not .Values.gateway.parentRefs) -}}
{{- $problems = append $problems "gateway.parentRefs: is empty. Name the Gateway, such as [{name: public, namespace: gateways}]." -}}
{{- end -}}
{{- if and (or .Values.openai.existingSecret.name .Values.settings.OPENAI_BASE_URL) (not .Values.models.config) -}}
{{- range list "OPENAI_INPUT_PRICE" "OPENAI_OUTPUT_PRICE" -}}
{{- if not (hasKey $.Values.settings .) -}}
{{- $problems = append $problems (printf "settings.%s: is missing. Write what a million tokens of the model cost, such as 0.40; 0 for one that costs nothing." .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if ne (empty .Values.settings.OIDC_ISSUER) (empty .Values.settings.OIDC_CLIENT_ID) -}}
{{- $problems = append $problems "settings.OIDC_ISSUER: belongs together with settings.OIDC_CLIENT_ID. Set both, or neither." -}}
{{- end -}}
{{- if and .Values.oidc.existingSecret.name (not .Values.settings.OIDC_ISSUER) -}}
{{- $problems = append $problems "settings.OIDC_ISSUER: is missing, while oidc.existingSecret names a secret for it." -}}
{{- end -}}
{{- if and .Values.models.keys (not .Values.models.config) -}}
{{- $problems = append $problems "models.config: is empty, while models.keys names keys for it." -}}
{{- end -}}
{{- with $problems -}}
{{- fail (printf "\n\nThese values are not right:\n  - %s\n" (join "\n  - " .)) -}}
{{- end -}}
{{- end -}}
