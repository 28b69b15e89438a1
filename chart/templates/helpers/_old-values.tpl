{{- /*
Keys of older charts that Kubernetes' objects need are put where they belong today; the first line of every template
asks for it, since nobody knows which is rendered first. Other old keys are the hub's to understand.
*/}}
{{- define "jupyterhub.today" -}}
{{- range $move := list
  (list "proxy.nodeSelector" "proxy.chp.nodeSelector")
  (list "proxy.networkPolicy" "proxy.chp.networkPolicy")
  (list "proxy.pdb" "proxy.chp.pdb")
  (list "proxy.containerSecurityContext" "proxy.chp.containerSecurityContext")
  (list "hub.uid" "hub.containerSecurityContext.runAsUser")
  (list "hub.fsGid" "hub.podSecurityContext.fsGroup")
  (list "hub.imagePullPolicy" "hub.image.pullPolicy")
  (list "rbac.enabled" "rbac.create")
  (list "token.proxy" "proxy.secretToken")
}}
  {{- include "jupyterhub.move" (list $.Values (index $move 0 | splitList ".") (index $move 1 | splitList ".")) }}
{{- end }}
{{- with .Values.singleuser.cloudMetadata }}
  {{- if hasKey . "enabled" }}{{ $_ := set . "blockWithIptables" (not .enabled) }}{{ $_ := unset . "enabled" }}{{ end }}
{{- end }}
{{- with .Values.httpRoute.gateway }}
  {{- $_ := set $.Values.httpRoute "parentRefs" (list (merge (dict "kind" "Gateway") .)) }}
  {{- $_ := unset $.Values.httpRoute "gateway" }}
{{- end }}
{{- range $pod := list .Values.hub .Values.singleuser }}
  {{- with $pod.imagePullSecret }}
    {{- if .enabled }}{{ $_ := mergeOverwrite $.Values.imagePullSecret (omit . "enabled") (dict "create" true) }}{{ end }}
    {{- $_ := unset $pod "imagePullSecret" }}
  {{- end }}
{{- end }}
{{- end }}

{{- /* (list $map (list "from") (list "to")): maps are merged over what is there, all else replaces it. */}}
{{- define "jupyterhub.move" -}}
{{- $values := index . 0 }}
{{- $from := include "jupyterhub.parent" (list $values (index . 1)) | fromJson }}
{{- if hasKey $from (last (index . 1)) }}
  {{- $value := get $from (last (index . 1)) }}
  {{- $path := index . 2 }}
  {{- $old := dict (last $path) $value }}
  {{- range initial $path | reverse }}{{ $old = dict . $old }}{{ end }}
  {{- $_ := mergeOverwrite $values $old }}
  {{- $at := $values }}
  {{- range initial (index . 1) }}{{ $at = get $at . }}{{ end }}
  {{- $_ := unset $at (last (index . 1)) }}
{{- end }}
{{- end }}

{{- define "jupyterhub.parent" -}}
{{- $at := index . 0 }}
{{- range initial (index . 1) }}{{ $at = get $at . | default dict }}{{ end }}
{{- toJson $at }}
{{- end }}
