{{- /* How browsers are served: http, manual, secret, letsencrypt or offload. */}}
{{- define "jupyterhub.tls" -}}
{{- $https := .Values.proxy.https }}
{{- if not $https.enabled }}http
{{- else if eq ($https.type | default "letsencrypt") "letsencrypt" }}{{ if $https.hosts }}letsencrypt{{ else }}http{{ end }}
{{- else }}{{ $https.type }}
{{- end }}
{{- end }}

{{- /* Whether the proxy itself ends TLS. */}}
{{- define "jupyterhub.tls.isHere" -}}
{{- if has (include "jupyterhub.tls" .) (list "manual" "secret" "letsencrypt") }}yes{{ end }}
{{- end }}

{{- define "jupyterhub.tls.flags" -}}
{{- $https := .Values.proxy.https }}
{{- $tls := include "jupyterhub.tls" . }}
{{- if not (include "jupyterhub.tls.isHere" .) }}
- --port=8000
{{- else }}
- --port=8443
- --redirect-port=8000
- --redirect-to=443
{{- if eq $tls "letsencrypt" }}
{{- range $https.hosts }}
- {{ printf "--acme-host=%s" . | quote }}
{{- end }}
- {{ printf "--acme-email=%s" $https.letsencrypt.contactEmail | quote }}
- {{ printf "--acme-server=%s" $https.letsencrypt.acmeServer | quote }}
- --acme-secret={{ include "jupyterhub.proxy-public-tls.fullname" . }}
{{- $hsts := .Values.proxy.traefik.hsts }}
- "--hsts=max-age={{ $hsts.maxAge | int64 }}{{ if $hsts.includeSubdomains }}; includeSubDomains{{ end }}{{ if $hsts.preload }}; preload{{ end }}"
{{- else }}
- --ssl-key=/etc/chp/tls/{{ if eq $tls "secret" }}{{ $https.secret.key }}{{ else }}tls.key{{ end }}
- --ssl-cert=/etc/chp/tls/{{ if eq $tls "secret" }}{{ $https.secret.crt }}{{ else }}tls.crt{{ end }}
{{- end }}
{{- end }}
{{- end }}
