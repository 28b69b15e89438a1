{{- /* The hub's pod: (dict "root" $ "base" "/prefix" "named" (list of Secrets)) */}}
{{- define "jupyterhub.hub.podSpec" -}}
{{- $root := .root }}
{{- $hub := $root.Values.hub }}
serviceAccountName: {{ include "jupyterhub.hub-serviceaccount.fullname" $root }}
{{- include "jupyterhub.corePod" (dict "root" $root "pod" $hub "image" $hub.image) }}
topologySpreadConstraints: {{- include "jupyterhub.spread" $root | nindent 2 }}
{{- with $hub.podSecurityContext }}
securityContext: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $hub.initContainers }}
initContainers: {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: secret
    secret:
      secretName: {{ include "jupyterhub.hub.fullname" $root }}
  {{- range $index, $name := .named }}
  - name: secret-{{ $index }}
    secret:
      secretName: {{ $name }}
      # What is missing is told by the hub, with the key that needs it.
      optional: true
  {{- end }}
  {{- with include "jupyterhub.extraFiles.items" $hub.extraFiles }}
  - name: files
    secret:
      secretName: {{ include "jupyterhub.hub.fullname" $root }}
      items: {{- . | nindent 8 }}
  {{- end }}
  - name: tmp
    emptyDir: {}
  {{- if eq $hub.db.type "sqlite-pvc" }}
  - name: pvc
    persistentVolumeClaim:
      claimName: {{ include "jupyterhub.hub-pvc.fullname" $root }}
  {{- end }}
  {{- with $hub.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
containers:
  - name: hub
    image: {{ include "jupyterhub.image" (list $root $hub.image "hub") }}
    {{- include "jupyterhub.imagePolicy" $hub.image | nindent 4 }}
    {{- with $hub.command }}
    command:
      {{- range . }}
      - {{ tpl . $root | quote }}
      {{- end }}
    {{- end }}
    args:
      {{- if $hub.args }}
      {{- range $hub.args }}
      - {{ tpl . $root | quote }}
      {{- end }}
      {{- else }}
      - himalia
      - hub
      {{- end }}
    env:
      - name: HELM_RELEASE_NAME
        value: {{ $root.Release.Name | quote }}
      - name: HELM_CHART_NAME
        value: {{ $root.Chart.Name | quote }}
      - name: HELM_CHART_VERSION
        value: {{ $root.Chart.Version | quote }}
      - name: POD_NAMESPACE
        valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
      - name: POD_NAME
        valueFrom: { fieldRef: { fieldPath: metadata.name } }
      {{- include "jupyterhub.extraEnv" $hub.extraEnv | nindent 6 }}
    ports:
      - name: http
        containerPort: 8081
    {{- with $hub.resources }}
    resources: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $hub.containerSecurityContext }}
    securityContext: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- $hooks := dict }}
    {{- range $name, $hook := $hub.lifecycle }}{{ if $hook }}{{ $_ := set $hooks $name $hook }}{{ end }}{{ end }}
    {{- with $hooks }}
    lifecycle: {{- toYaml . | nindent 6 }}
    {{- end }}
    volumeMounts:
      - name: secret
        mountPath: /usr/local/etc/jupyterhub/secret/
        readOnly: true
      {{- range $index, $name := .named }}
      - name: secret-{{ $index }}
        mountPath: /usr/local/etc/jupyterhub/secrets/{{ $name }}
        readOnly: true
      {{- end }}
      - name: tmp
        mountPath: /tmp
      {{- if eq $hub.db.type "sqlite-pvc" }}
      - name: pvc
        mountPath: /srv/jupyterhub
        {{- with $hub.db.pvc.subPath }}
        subPath: {{ . | quote }}
        {{- end }}
      {{- end }}
      {{- include "jupyterhub.extraFiles.mounts" $hub.extraFiles | nindent 6 }}
      {{- with $hub.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- range $name := list "livenessProbe" "readinessProbe" }}
    {{- $probe := index $hub $name }}
    {{- if $probe.enabled }}
    {{ $name }}:
      httpGet:
        path: {{ $.base }}/hub/health
        port: http
      {{- include "jupyterhub.probeTiming" $probe | nindent 6 }}
    {{- end }}
    {{- end }}
  {{- with $hub.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
