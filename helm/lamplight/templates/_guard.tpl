{{/*
Refuses an upgrade that would harm what is installed. It sees the cluster in `helm install` and `helm upgrade`, also with
--dry-run=server; `helm template` and --dry-run=client see none, and refuse nothing.
*/}}
{{- define "lamplight.guardUpgrade" -}}
{{- $problems := list -}}
{{- $name := include "lamplight.fullname" . -}}
{{- $old := lookup "apps/v1" "Deployment" .Release.Namespace (printf "%s-api" $name) -}}
{{- $ours := and $old (eq (dig "metadata" "labels" "app.kubernetes.io/instance" "" $old) .Release.Name) -}}
{{- if $ours -}}
{{- $running := dig "metadata" "labels" "app.kubernetes.io/version" "0.0.0" $old -}}
{{- if and (not .Values.allowDowngrade) (regexMatch "^[0-9]+[.][0-9]+[.][0-9]+" $running) (semverCompare (printf "<%s-0" (regexFind "^[0-9]+[.][0-9]+[.][0-9]+" $running)) .Chart.AppVersion) -}}
{{- $problems = append $problems (printf "release %s runs, and this chart is of %s: the database may hold what it does not know. `helm rollback` goes back to the release before; set allowDowngrade=true where the database was restored from a backup of %s." $running .Chart.AppVersion .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}
{{- range $database := list "mongodb" "redis" -}}
{{- $values := (index $.Values $database).bundled -}}
{{- $set := lookup "apps/v1" "StatefulSet" $.Release.Namespace (printf "%s-%s" $name $database) -}}
{{- if and $set (not $values.enabled) (eq $database "mongodb") (not $.Values.allowDatabaseChange) -}}
{{- $problems = append $problems "mongodb.bundled.enabled: the bundled MongoDB runs, and what it holds would stay behind. Move the data first (scripts/backup.ts, scripts/restore.ts), then set allowDatabaseChange=true." -}}
{{- end -}}
{{- if and $ours (not $set) $values.enabled (eq $database "mongodb") (not $.Values.allowDatabaseChange) -}}
{{- $problems = append $problems "mongodb.bundled.enabled: an external MongoDB is in use, and what it holds would stay behind. Move the data first (scripts/backup.ts, scripts/restore.ts), then set allowDatabaseChange=true." -}}
{{- end -}}
{{- if and $set $values.enabled -}}
{{- $claims := dig "spec" "volumeClaimTemplates" list $set -}}
{{- $persistence := $values.persistence -}}
{{- if ne (gt (len $claims) 0) $persistence.enabled -}}
{{- $problems = append $problems (printf "%s.bundled.persistence.enabled: cannot be changed once it is installed. Write %t as before." $database (gt (len $claims) 0)) -}}
{{- end -}}
{{- range $claims -}}
{{- if $persistence.enabled -}}
{{- $size := dig "spec" "resources" "requests" "storage" "" . -}}
{{- if ne $size $persistence.size -}}
{{- $problems = append $problems (printf "%s.bundled.persistence.size: is %s in the cluster, and cannot be changed here. Write %s, and enlarge the PersistentVolumeClaim itself." $database $size $size) -}}
{{- end -}}
{{- if and $persistence.storageClass (ne (dig "spec" "storageClassName" "" .) $persistence.storageClass) -}}
{{- $problems = append $problems (printf "%s.bundled.persistence.storageClass: cannot be changed once it is installed." $database) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with $problems -}}
{{- fail (printf "\n\nThis upgrade is refused:\n  - %s\n" (join "\n  - " .)) -}}
{{- end -}}
{{- end -}}
