{{- /* As like a user's server as can be, for it keeps room for one. */}}
{{- define "jupyterhub.placeholder.podSpec" -}}
{{- $placeholder := .Values.scheduling.userPlaceholder }}
{{- if .Values.scheduling.podPriority.enabled }}
priorityClassName: {{ include "jupyterhub.user-placeholder-priority.fullname" . }}
{{- end }}
nodeSelector: {{ .Values.singleuser.nodeSelector | default dict | toJson }}
tolerations: {{ include "jupyterhub.userTolerations" . }}
affinity: {{ include "jupyterhub.userAffinity" . }}
terminationGracePeriodSeconds: 0
automountServiceAccountToken: false
{{- with include "jupyterhub.imagePullSecrets" (dict "root" . "image" $placeholder.image) }}
imagePullSecrets: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  seccompProfile: { type: RuntimeDefault }
containers:
  - name: pause
    image: {{ include "jupyterhub.image" (list . $placeholder.image) }}
    {{- include "jupyterhub.imagePolicy" $placeholder.image | nindent 4 }}
    {{- with $placeholder.resources | default (include "jupyterhub.singleuser.resources" . | fromYaml) }}
    resources: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $placeholder.containerSecurityContext }}
    securityContext: {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
