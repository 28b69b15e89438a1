{{- /* What the hub's objects decide together. */}}

{{- define "jupyterhub.hub.isSqlite" -}}
{{- if hasPrefix "sqlite" .Values.hub.db.type }}yes{{ end }}
{{- end }}

{{- /*
One hub with a file as its database is replaced: the file's volume may be on one node only. All others roll, and a new
hub takes over before an old one goes. A strategy in the values wins.
*/}}
{{- define "jupyterhub.hub.strategy" -}}
{{- $given := .Values.hub.deploymentStrategy | default dict }}
{{- $type := $given.type | default (eq (include "jupyterhub.hub.isSqlite" .) "yes" | ternary "Recreate" "RollingUpdate") }}
{{- include "jupyterhub.strategy" (dict "type" $type "rollingUpdate" $given.rollingUpdate) }}
{{- end }}

{{- define "jupyterhub.strategy" -}}
type: {{ .type }}
{{- if eq .type "RollingUpdate" }}
rollingUpdate: {{ .rollingUpdate | default (dict "maxUnavailable" 0 "maxSurge" 1) | toJson }}
{{- else }}
# Said, since what Kubernetes filled in for another type would stay and be refused.
rollingUpdate: null
{{- end }}
{{- end }}

{{- /* The values as the hub reads them: without what only the chart needs, secrets and big files above all. */}}
{{- define "jupyterhub.hub.values" -}}
{{- $values := deepCopy (omit .Values "global") }}
{{- /* Settled, so that the hub names objects as the chart does: null means the release's own name. */}}
{{- $_ := set $values "fullnameOverride" (include "jupyterhub.fullname" .) }}
{{- with $values.imagePullSecret }}{{ $_ := set $values "imagePullSecret" (omit . "password" "username") }}{{ end }}
{{- with (($values.proxy).https).manual }}{{ $_ := set $values.proxy.https "manual" dict }}{{ end }}
{{- range list $values.hub $values.singleuser }}
  {{- range $name, $file := .extraFiles | default dict }}
    {{- range list "data" "stringData" "binaryData" }}{{ if $file }}{{ $_ := unset $file . }}{{ end }}{{ end }}
  {{- end }}
{{- end }}
{{- toPrettyJson $values }}
{{- end }}

{{- /* What the hub can't know otherwise of its release. */}}
{{- define "jupyterhub.hub.release" -}}
{{- $names := dict }}
{{- range list "hub" "hub-generated" "proxy-api" "proxy-each" "proxy-public" "proxy-public-tls" "singleuser" "image-pull-secret" "priority" }}
  {{- $_ := set $names . (include (printf "jupyterhub.%s.fullname" .) $) }}
{{- end }}
{{- dict "name" .Release.Name "namespace" .Release.Namespace "app" (include "jupyterhub.appLabel" .) "chart" (include "jupyterhub.chartLabel" .) "objects" $names | toPrettyJson }}
{{- end }}

{{- /* Secrets that the values name: hub.existingSecret and every valueFrom, as a list of names. */}}
{{- define "jupyterhub.hub.namedSecrets" -}}
{{- $own := omit .Values.hub "extraEnv" "initContainers" "extraContainers" "extraVolumes" "extraVolumeMounts" "extraPodSpec" "extraFiles" }}
{{- $_ := set $own "config" (omit (.Values.hub.config | default dict) "KubeSpawner") }}
{{- $found := regexFindAll "\"secretKeyRef\":{[^{}]*}" (toJson (list $own .Values.cull .Values.custom)) -1 }}
{{- $names := list }}
{{- with .Values.hub.existingSecret }}{{ $names = append $names . }}{{ end }}
{{- range $found }}
  {{- $names = append $names ((printf "{%s}" . | fromJson).secretKeyRef.name) }}
{{- end }}
{{- $names | uniq | sortAlpha | toJson }}
{{- end }}

{{- /* What the hub does with servers, in one namespace or in all. */}}
{{- define "jupyterhub.hub.serverRules" -}}
# Users' servers, their homes and, where a profile asks for it, their Services.
- apiGroups: [""]
  resources: [pods, persistentvolumeclaims, services]
  verbs: [get, list, watch, create, delete]
# Homes that grow.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [patch]
# Why a server does not start.
- apiGroups: [""]
  resources: [events]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
{{- end }}

{{- /*
Values that only a new pod takes up: what is fixed when a hub starts (src/hub/reload/restart.ts), and files that are
mounted one by one, which the kubelet never changes. Code may set any of them. Single values, and no maps: Helm 4 leaves
nulls out that Helm 3 keeps.
*/}}
{{- define "jupyterhub.hub.restartValues" -}}
{{- $hub := .Values.hub }}
{{- $config := $hub.config | default dict }}
{{- $traits := "authenticator_class|authenticators|base_url|db_url|cookie_secret|log_level|debug|hub_connect_url|enable_signup|auth_token|api_url|should_start|namespace|enable_user_namespaces|component_label|events_enabled|k8s_api_\\w+" }}
{{- $kept := list $hub.baseUrl $hub.db.type $hub.db.url $hub.db.password $hub.cookieSecret $hub.extraFiles .Values.debug.enabled .Values.cull.enabled .Values.proxy.secretToken .Values.singleuser.events }}
{{- $kept = append $kept (list (.Values.auth).type ((.Values.auth).custom).className) }}
{{- range $class, $given := $config }}
  {{- range $trait, $value := $given | default dict }}
    {{- if regexMatch (printf "^(%s)$" $traits) $trait }}{{ $kept = append $kept (list $class $trait $value) }}{{ end }}
  {{- end }}
{{- end }}
{{- $code := kindIs "string" $hub.extraConfig | ternary (dict "" $hub.extraConfig) ($hub.extraConfig | default dict) }}
{{- range $name, $text := $code }}
  {{- if regexMatch (printf "\\b(%s)\\b" $traits) (toString $text) }}{{ $kept = append $kept (list $name $text) }}{{ end }}
{{- end }}
{{- toJson $kept }}
{{- end }}
