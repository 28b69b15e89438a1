{{- /* Values that can't work are refused before anything changes, each with a sentence. */}}
{{- define "jupyterhub.refusals" -}}
{{- $hub := .Values.hub }}
{{- $https := .Values.proxy.https }}
{{- $replicas := $hub.replicas | default 1 | int }}
{{- if and (include "jupyterhub.hub.isSqlite" .) (gt $replicas 1) }}
  {{- fail (printf "hub.replicas is %d, but hub.db.type is %s, which is one file for one hub. Set hub.db.type to postgres, and hub.db.url." $replicas $hub.db.type) }}
{{- end }}
{{- $url := (($hub.config).JupyterHub).db_url | default $hub.db.url | default "" | toString }}
{{- if or (eq $hub.db.type "mysql") (regexMatch "^(mysql|mariadb)" $url) }}
  {{- fail "hub.db is a MySQL or MariaDB, which is not supported yet: use sqlite-pvc or postgres." }}
{{- end }}
{{- if and (eq $hub.db.type "other") (not (regexMatch "^(postgres|sqlite)" $url)) (not $hub.existingSecret) }}
  {{- fail "hub.db.type is other, but hub.db.url is no address of a PostgreSQL or an SQLite: there are no other databases yet." }}
{{- end }}
{{- if and (eq $hub.db.type "postgres") (not $hub.db.url) (not $hub.existingSecret) }}
  {{- fail "hub.db.type is postgres, but hub.db.url does not say where it is, such as postgresql://hub@database/hub." }}
{{- end }}
{{- if and $https.enabled (eq $https.type "manual") (not (and $https.manual.key $https.manual.cert)) }}
  {{- fail "proxy.https.type is manual, so proxy.https.manual.key and proxy.https.manual.cert are needed, both as PEM." }}
{{- end }}
{{- if and $https.enabled (eq $https.type "secret") (not $https.secret.name) }}
  {{- fail "proxy.https.type is secret, so proxy.https.secret.name must name a Secret of type kubernetes.io/tls." }}
{{- end }}
{{- if and $https.enabled (eq $https.type "letsencrypt") $https.hosts (not $https.letsencrypt.contactEmail) }}
  {{- fail "proxy.https.type is letsencrypt, so proxy.https.letsencrypt.contactEmail is needed: expiring certificates are announced there." }}
{{- end }}
{{- if and .Values.singleuser.networkPolicy.enabled (.Values.singleuser.networkPolicy.egressAllowRules).cloudMetadataServer .Values.singleuser.cloudMetadata.blockWithIptables }}
  {{- fail "singleuser.networkPolicy.egressAllowRules.cloudMetadataServer opens what singleuser.cloudMetadata.blockWithIptables closes: set one of them to false." }}
{{- end }}
{{- if .Values.https }}
  {{- fail "https does not belong at the top level, but below proxy: indent it and all that is below it by two more spaces." }}
{{- end }}
{{- if .Values.imagePullSecret.create }}
  {{- if not (and .Values.imagePullSecret.username .Values.imagePullSecret.password) }}
    {{- fail "imagePullSecret.create is true, so imagePullSecret.username and imagePullSecret.password are needed." }}
  {{- end }}
{{- end }}
{{- if and .Values.ingress.enabled (include "jupyterhub.tls.isHere" .) }}
  {{- fail (printf "ingress.enabled and proxy.https.type %q would both end TLS, and browsers be sent in circles. Set proxy.https.enabled to false; ingress.tls has the certificate then." $https.type) }}
{{- end }}
{{- end }}
