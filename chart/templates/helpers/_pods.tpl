{{- /* What the pods of the chart have in common. */}}

{{- /*
An image as one text. Who comes from z2jh may name JupyterHub's images, or their own made of those, which can't run this hub or proxy:
(list . .Values.hub.image "hub") puts ours in their place.
*/}}
{{- define "jupyterhub.image" -}}
{{- $image := index . 1 }}
{{- $name := $image.name }}
{{- $tag := $image.tag | toString }}
{{- if gt (len .) 2 }}
  {{- if regexMatch "(^|/)(k8s-hub(-[^/]*)?|configurable-http-proxy)$" $name }}
    {{- $name = printf "himalia/%s" (index . 2) }}
    {{- $tag = (index . 0).Chart.AppVersion }}
  {{- end }}
{{- end }}
{{- if $tag }}{{ printf "%s:%s" $name $tag }}{{ else }}{{ $name }}{{ end }}
{{- end }}

{{- define "jupyterhub.imagePolicy" -}}
{{- with .pullPolicy }}imagePullPolicy: {{ . }}{{ end }}
{{- end }}

{{- /* (dict "root" $ "image" .Values.hub.image), or "images" in place of one; z2jh's are called with a scope. */}}
{{- define "jupyterhub.imagePullSecrets" -}}
{{- $root := .root | default . }}
{{- $values := $root.Values }}
{{- if and (ne $root.Chart.Name "jupyterhub") (hasKey $values "jupyterhub") }}{{ $values = $values.jupyterhub }}{{ end }}
{{- $names := list }}
{{- $given := $values.imagePullSecrets | default list }}
{{- range .images | default (list .image) }}{{ $given = concat (.pullSecrets | default list) $given }}{{ end }}
{{- range $given }}{{ $names = append $names (kindIs "string" . | ternary . (get (kindIs "map" . | ternary . dict) "name")) }}{{ end }}
{{- if and $values.imagePullSecret.create $values.imagePullSecret.automaticReferenceInjection }}
  {{- $names = append $names (include "jupyterhub.image-pull-secret.fullname" $root) }}
{{- end }}
{{- $entries := list }}
{{- range $names | uniq }}{{ $entries = append $entries (dict "name" .) }}{{ end }}
{{- if $entries }}
{{- $entries | toJson }}
{{- end }}
{{- end }}

{{- /* Where the hub and the proxy run: (dict "root" $ "pod" .Values.hub "image" .Values.hub.image) */}}
{{- define "jupyterhub.corePod" -}}
{{- $scheduling := .root.Values.scheduling }}
{{- with include "jupyterhub.imagePullSecrets" . }}
imagePullSecrets: {{ . }}
{{- end }}
{{- if $scheduling.podPriority.enabled }}
priorityClassName: {{ include "jupyterhub.priority.fullname" .root }}
{{- end }}
{{- with .pod.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with concat ($scheduling.corePods.tolerations | default list) (.pod.tolerations | default list) }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "jupyterhub.nodePurpose" (list $scheduling.corePods.nodeAffinity.matchNodePurpose "core") }}
affinity: {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* (list "prefer" "core") */}}
{{- define "jupyterhub.nodePurpose" -}}
{{- $expression := dict "key" "hub.jupyter.org/node-purpose" "operator" "In" "values" (list (index . 1)) }}
{{- if eq (index . 0) "require" }}
nodeAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    nodeSelectorTerms:
      - matchExpressions: {{ list $expression | toJson }}
{{- else if eq (index . 0) "prefer" }}
nodeAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      preference:
        matchExpressions: {{ list $expression | toJson }}
{{- end }}
{{- end }}

{{- /* Replicas spread over nodes and zones where they can. */}}
{{- define "jupyterhub.spread" -}}
{{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels: {{- include "jupyterhub.matchLabels" $ | nindent 6 }}
{{- end }}
{{- end }}

{{- /* Environment variables: a map of texts and EnvVars, or a list of EnvVars. */}}
{{- define "jupyterhub.extraEnv" -}}
{{- if kindIs "slice" . }}
{{- range . }}
- {{ toJson . }}
{{- end }}
{{- else }}
{{- range $name, $value := . }}
  {{- if kindIs "invalid" $value }}
  {{- else if kindIs "map" $value }}
- {{ merge (dict) $value (dict "name" $name) | toJson }}
  {{- else }}
- name: {{ $name | quote }}
  value: {{ $value | toString | quote }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* An HTTP probe's timing: (list .Values.hub.livenessProbe) */}}
{{- define "jupyterhub.probeTiming" -}}
{{- range $name := list "initialDelaySeconds" "periodSeconds" "timeoutSeconds" "failureThreshold" "successThreshold" }}
{{- $value := index $ $name }}
{{- if not (kindIs "invalid" $value) }}
{{ $name }}: {{ $value }}
{{- end }}
{{- end }}
{{- end }}

{{- /* A spec of the user's merged over ours: (list $ours .Values.hub.extraPodSpec); z2jh only appends. */}}
{{- define "jupyterhub.mergedSpec" -}}
{{- $spec := index . 0 | fromYaml }}
{{- if hasKey $spec "Error" }}{{ fail $spec.Error }}{{ end }}
{{- toYaml (mergeOverwrite $spec (deepCopy (index . 1 | default dict))) }}
{{- end }}
