{{- /* A PodDisruptionBudget: (dict "root" $ "pdb" .Values.hub.pdb "name" "hub") */}}
{{- define "jupyterhub.budget" -}}
{{- if .pdb.enabled }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels: {{- include "jupyterhub.labels" .root | nindent 4 }}
spec:
  {{- if not (kindIs "invalid" .pdb.maxUnavailable) }}
  maxUnavailable: {{ .pdb.maxUnavailable }}
  {{- else if not (kindIs "invalid" .pdb.minAvailable) }}
  minAvailable: {{ .pdb.minAvailable }}
  {{- end }}
  selector:
    matchLabels: {{- include "jupyterhub.matchLabels" .root | nindent 6 }}
{{- end }}
{{- end }}
