{{- /*
Names of objects, as z2jh has them: an upgrade finds its own objects again, and parent charts include these helpers.
Changing fullnameOverride or nameOverride of a release that runs gives it new objects, a new claim among them.
*/}}

{{- /* Values of a release whose chart has us as `jupyterhub`; its templates include our helpers with its own scope. */}}
{{- define "jupyterhub.own.values" -}}
{{- $own := .Values }}
{{- if and (ne .Chart.Name "jupyterhub") (hasKey .Values "jupyterhub") }}{{ $own = .Values.jupyterhub }}{{ end }}
{{- pick $own "fullnameOverride" "nameOverride" | toJson }}
{{- end }}

{{- define "jupyterhub.name" -}}
{{- $own := include "jupyterhub.own.values" . | fromJson }}
{{- $own.nameOverride | default "jupyterhub" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "jupyterhub.fullname" -}}
{{- $own := include "jupyterhub.own.values" . | fromJson }}
{{- if kindIs "string" $own.fullnameOverride }}
  {{- $own.fullnameOverride }}
{{- else if contains ($own.nameOverride | default "jupyterhub") .Release.Name }}
  {{- .Release.Name }}
{{- else }}
  {{- printf "%s-%s" .Release.Name ($own.nameOverride | default "jupyterhub") }}
{{- end }}
{{- end }}

{{- define "jupyterhub.fullname.dash" -}}
{{- with include "jupyterhub.fullname" . }}{{ . }}-{{ end }}
{{- end }}

{{- /* Objects of the whole cluster carry the release's name, so that two releases don't meet. */}}
{{- define "jupyterhub.cluster.dash" -}}
{{- include "jupyterhub.fullname" . | default .Release.Name }}-
{{- end }}

{{- define "jupyterhub.hub.fullname" -}}{{ include "jupyterhub.fullname.dash" . }}hub{{- end }}
{{- define "jupyterhub.hub-pvc.fullname" -}}{{ include "jupyterhub.hub.fullname" . }}-db-dir{{- end }}
{{- define "jupyterhub.hub-generated.fullname" -}}{{ include "jupyterhub.hub.fullname" . }}-generated{{- end }}
{{- define "jupyterhub.proxy.fullname" -}}{{ include "jupyterhub.fullname.dash" . }}proxy{{- end }}
{{- define "jupyterhub.proxy-api.fullname" -}}{{ include "jupyterhub.proxy.fullname" . }}-api{{- end }}
{{- define "jupyterhub.proxy-each.fullname" -}}{{ include "jupyterhub.proxy.fullname" . }}-each{{- end }}
{{- define "jupyterhub.proxy-public.fullname" -}}{{ include "jupyterhub.proxy.fullname" . }}-public{{- end }}
{{- define "jupyterhub.proxy-public-tls.fullname" -}}{{ include "jupyterhub.proxy-public.fullname" . }}-tls-acme{{- end }}
{{- define "jupyterhub.proxy-public-manual-tls.fullname" -}}{{ include "jupyterhub.proxy-public.fullname" . }}-manual-tls{{- end }}
{{- define "jupyterhub.singleuser.fullname" -}}{{ include "jupyterhub.fullname.dash" . }}singleuser{{- end }}
{{- define "jupyterhub.image-pull-secret.fullname" -}}{{ include "jupyterhub.fullname.dash" . }}image-pull-secret{{- end }}
{{- define "jupyterhub.continuous-image-puller.fullname" -}}{{ include "jupyterhub.fullname.dash" . }}continuous-image-puller{{- end }}
{{- define "jupyterhub.user-placeholder.fullname" -}}{{ include "jupyterhub.fullname.dash" . }}user-placeholder{{- end }}
{{- define "jupyterhub.ingress.fullname" -}}{{ include "jupyterhub.fullname" . | default "jupyterhub" }}{{- end }}
{{- define "jupyterhub.httproute.fullname" -}}{{ include "jupyterhub.fullname" . | default "jupyterhub" }}{{- end }}
{{- define "jupyterhub.priority.fullname" -}}{{ include "jupyterhub.cluster.dash" . }}default-priority{{- end }}
{{- define "jupyterhub.user-placeholder-priority.fullname" -}}{{ include "jupyterhub.cluster.dash" . }}user-placeholder-priority{{- end }}
{{- define "jupyterhub.image-puller-priority.fullname" -}}{{ include "jupyterhub.cluster.dash" . }}image-puller-priority{{- end }}

{{- /* The names of service accounts: (list $ "hub" .Values.hub.serviceAccount). */}}
{{- define "jupyterhub.account" -}}
{{- $account := index . 2 }}
{{- if $account.create }}
  {{- $account.name | default (print (include "jupyterhub.fullname.dash" (index . 0)) (index . 1)) }}
{{- else }}
  {{- $account.name | default "default" }}
{{- end }}
{{- end }}
{{- define "jupyterhub.hub-serviceaccount.fullname" -}}{{ include "jupyterhub.account" (list . "hub" .Values.hub.serviceAccount) }}{{- end }}
