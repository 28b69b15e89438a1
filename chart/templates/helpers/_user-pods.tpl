{{- /* What a user's server asks for; parent charts include it too. */}}
{{- define "jupyterhub.singleuser.resources" -}}
{{- $single := .Values.singleuser }}
{{- $requests := dict }}
{{- $limits := dict }}
{{- with $single.cpu.guarantee }}{{ $_ := set $requests "cpu" (toString .) }}{{ end }}
{{- with $single.memory.guarantee }}{{ $_ := set $requests "memory" (include "jupyterhub.bytes" .) }}{{ end }}
{{- with $single.cpu.limit }}{{ $_ := set $limits "cpu" (toString .) }}{{ end }}
{{- with $single.memory.limit }}{{ $_ := set $limits "memory" (include "jupyterhub.bytes" .) }}{{ end }}
{{- $resources := dict }}
{{- with merge $requests ($single.extraResource.guarantees | default dict) }}{{ $_ := set $resources "requests" . }}{{ end }}
{{- with merge $limits ($single.extraResource.limits | default dict) }}{{ $_ := set $resources "limits" . }}{{ end }}
{{- if $resources }}{{ toYaml $resources }}{{ end }}
{{- end }}

{{- /* JupyterHub counts in 1024s where Kubernetes counts in 1000s: its 1G is Kubernetes' 1Gi. */}}
{{- define "jupyterhub.bytes" -}}
{{- if kindIs "string" . }}
  {{- regexReplaceAll "^([0-9.]+)([KMGT])B?$" . "${1}${2}i" }}
{{- else }}
  {{- . | int64 }}
{{- end }}
{{- end }}

{{- define "jupyterhub.userTolerations" -}}
{{- concat (.Values.scheduling.userPods.tolerations | default list) (.Values.singleuser.extraTolerations | default list) | toJson }}
{{- end }}

{{- /* Near which nodes and pods users' servers run. */}}
{{- define "jupyterhub.userAffinity" -}}
{{- $single := .Values.singleuser }}
{{- $purpose := .Values.scheduling.userPods.nodeAffinity.matchNodePurpose }}
{{- $expression := dict "matchExpressions" (list (dict "key" "hub.jupyter.org/node-purpose" "operator" "In" "values" (list "user"))) }}
{{- $required := $single.extraNodeAffinity.required | default list }}
{{- $preferred := $single.extraNodeAffinity.preferred | default list }}
{{- if eq $purpose "require" }}{{ $required = append $required $expression }}{{ end }}
{{- if eq $purpose "prefer" }}{{ $preferred = append $preferred (dict "weight" 100 "preference" $expression) }}{{ end }}
{{- $affinity := dict }}
{{- $node := dict }}
{{- with $required }}{{ $_ := set $node "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" .) }}{{ end }}
{{- with $preferred }}{{ $_ := set $node "preferredDuringSchedulingIgnoredDuringExecution" . }}{{ end }}
{{- with $node }}{{ $_ := set $affinity "nodeAffinity" . }}{{ end }}
{{- range $kind, $terms := dict "podAffinity" $single.extraPodAffinity "podAntiAffinity" $single.extraPodAntiAffinity }}
  {{- $own := dict }}
  {{- with $terms.required }}{{ $_ := set $own "requiredDuringSchedulingIgnoredDuringExecution" . }}{{ end }}
  {{- with $terms.preferred }}{{ $_ := set $own "preferredDuringSchedulingIgnoredDuringExecution" . }}{{ end }}
  {{- with $own }}{{ $_ := set $affinity $kind . }}{{ end }}
{{- end }}
{{- toJson $affinity }}
{{- end }}
