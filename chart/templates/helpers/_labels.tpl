{{- /*
Labels: z2jh's old three, by which selectors find pods (selectors can't be changed), and Kubernetes' recommended ones.
The component is the folder of the template, unless a `componentLabel` is put into the scope.
*/}}

{{- define "jupyterhub.appLabel" -}}
{{- .appLabel | default (include "jupyterhub.name" .) }}
{{- end }}

{{- define "jupyterhub.chartLabel" -}}
{{- printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "jupyterhub.componentLabel" -}}
{{- $file := .Template.Name | base | trimSuffix ".yaml" }}
{{- $folder := .Template.Name | dir | base | trimPrefix "templates" }}
{{- .componentPrefix | default "" }}{{ .componentLabel | default $folder | default $file }}{{ .componentSuffix | default "" }}
{{- end }}

{{- define "jupyterhub.commonLabels" -}}
app: {{ include "jupyterhub.appLabel" . | quote }}
release: {{ .Release.Name | quote }}
{{- if not .matchLabels }}
chart: {{ include "jupyterhub.chartLabel" . }}
heritage: {{ .heritageLabel | default .Release.Service }}
{{- end }}
{{- end }}

{{- define "jupyterhub.labels" -}}
component: {{ include "jupyterhub.componentLabel" . }}
{{ include "jupyterhub.commonLabels" . }}
{{ include "jupyterhub.modernLabels" . }}
helm.sh/chart: {{ include "jupyterhub.chartLabel" . }}
app.kubernetes.io/managed-by: {{ .heritageLabel | default .Release.Service }}
{{- end }}

{{- define "jupyterhub.modernLabels" -}}
app.kubernetes.io/component: {{ include "jupyterhub.componentLabel" . }}
app.kubernetes.io/name: {{ include "jupyterhub.appLabel" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "jupyterhub.matchLabels" -}}
component: {{ include "jupyterhub.componentLabel" . }}
{{ include "jupyterhub.commonLabels" (merge (dict "matchLabels" true) .) }}
{{- end }}

{{- /* Of pods: what selectors look for, without what changes from version to version. */}}
{{- define "jupyterhub.podLabels" -}}
{{ include "jupyterhub.matchLabels" . }}
{{ include "jupyterhub.modernLabels" . }}
{{- end }}
