{{- /* Pulls each image once on each node: a container that runs it and ends. */}}
{{- define "jupyterhub.puller.podSpec" -}}
{{- $puller := .Values.prePuller }}
{{- $images := include "jupyterhub.puller.images" . | fromJsonArray }}
tolerations: {{ concat (include "jupyterhub.userTolerations" . | fromJsonArray) ($puller.extraTolerations | default list) | toJson }}
nodeSelector: {{ .Values.singleuser.nodeSelector | default dict | toJson }}
{{- if eq .Values.scheduling.userPods.nodeAffinity.matchNodePurpose "require" }}
affinity: {{- include "jupyterhub.nodePurpose" (list "require" "user") | nindent 2 }}
{{- end }}
{{- if .Values.scheduling.podPriority.enabled }}
priorityClassName: {{ include "jupyterhub.image-puller-priority.fullname" . }}
{{- end }}
terminationGracePeriodSeconds: 0
automountServiceAccountToken: false
serviceAccountName: {{ include "jupyterhub.account" (list . "continuous-image-puller" $puller.continuous.serviceAccount) }}
{{- with include "jupyterhub.imagePullSecrets" (dict "root" . "images" (list .Values.singleuser.image .Values.singleuser.networkTools.image $puller.pause.image)) }}
imagePullSecrets: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  seccompProfile: { type: RuntimeDefault }
{{- with $images }}
initContainers:
  {{- range $index, $image := . }}
  - name: image-pull-{{ $index }}
    image: {{ $image.image | quote }}
    {{- include "jupyterhub.imagePolicy" $image | nindent 4 }}
    command: [/bin/sh, -c, exit 0]
    {{- with $puller.resources }}
    resources: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $puller.containerSecurityContext }}
    securityContext: {{- toYaml . | nindent 6 }}
    {{- end }}
  {{- end }}
{{- end }}
containers:
  - name: pause
    image: {{ include "jupyterhub.image" (list . $puller.pause.image) }}
    {{- include "jupyterhub.imagePolicy" $puller.pause.image | nindent 4 }}
    {{- with $puller.resources }}
    resources: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $puller.pause.containerSecurityContext }}
    securityContext: {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}

{{- /* What is pulled, each once: [{image, pullPolicy}] */}}
{{- define "jupyterhub.puller.images" -}}
{{- $single := .Values.singleuser }}
{{- $found := list }}
{{- if $single.cloudMetadata.blockWithIptables }}
  {{- $found = append $found (dict "image" (include "jupyterhub.image" (list . $single.networkTools.image))) }}
{{- end }}
{{- $found = append $found (dict "image" (include "jupyterhub.image" (list . $single.image)) "pullPolicy" $single.image.pullPolicy) }}
{{- range concat (include "jupyterhub.puller.containers" $single.initContainers | fromJsonArray) (include "jupyterhub.puller.containers" $single.extraContainers | fromJsonArray) }}
  {{- $found = append $found (dict "image" .image) }}
{{- end }}
{{- if .Values.prePuller.pullProfileListImages }}
  {{- range include "jupyterhub.puller.profiles" . | fromJsonArray }}{{ $found = append $found (dict "image" .) }}{{ end }}
{{- end }}
{{- range .Values.prePuller.extraImages }}
  {{- if . }}{{ $found = append $found (dict "image" (include "jupyterhub.image" (list $ .)) "pullPolicy" .pullPolicy) }}{{ end }}
{{- end }}
{{- $seen := list }}
{{- $once := list }}
{{- range $found }}
  {{- if and .image (not (has .image $seen)) }}{{ $seen = append $seen .image }}{{ $once = append $once . }}{{ end }}
{{- end }}
{{- toJson $once }}
{{- end }}

{{- /* Containers are a list, or a map of them. */}}
{{- define "jupyterhub.puller.containers" -}}
{{- $found := list }}
{{- range . }}{{ if and (kindIs "map" .) .image }}{{ $found = append $found (pick . "image") }}{{ end }}{{ end }}
{{- toJson $found }}
{{- end }}

{{- /* Images of profiles and their choices, wherever the profiles stand. */}}
{{- define "jupyterhub.puller.profiles" -}}
{{- $profiles := .Values.singleuser.profileList }}
{{- with ((.Values.hub.config).KubeSpawner).profile_list }}{{ $profiles = . }}{{ end }}
{{- $images := list }}
{{- range $profiles }}
  {{- $overrides := list .kubespawner_override }}
  {{- range $option := .profile_options }}{{ range $choice := ($option).choices }}{{ $overrides = append $overrides ($choice).kubespawner_override }}{{ end }}{{ end }}
  {{- range $override := $overrides }}
    {{- $containers := concat (include "jupyterhub.puller.containers" ($override).init_containers | fromJsonArray) (include "jupyterhub.puller.containers" ($override).extra_containers | fromJsonArray) }}
    {{- range prepend $containers (dict "image" ($override).image) }}
      {{- /* A name to be filled in is an image only when a user starts a server. */}}
      {{- if and .image (not (contains "{" .image)) }}{{ $images = append $images .image }}{{ end }}
    {{- end }}
  {{- end }}
{{- end }}
{{- toJson $images }}
{{- end }}
