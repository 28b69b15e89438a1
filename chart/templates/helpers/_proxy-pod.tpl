{{- define "jupyterhub.proxy.podSpec" -}}
{{- $chp := .Values.proxy.chp }}
{{- $tls := include "jupyterhub.tls" . }}
{{- $image := include "jupyterhub.image" (list . $chp.image "proxy") }}
serviceAccountName: {{ include "jupyterhub.account" (list . "proxy" (dict "create" .Values.rbac.create)) }}
automountServiceAccountToken: false
terminationGracePeriodSeconds: 60
{{- include "jupyterhub.corePod" (dict "root" . "pod" $chp "image" $chp.image) }}
topologySpreadConstraints: {{- include "jupyterhub.spread" . | nindent 2 }}
securityContext:
  runAsNonRoot: true
  fsGroup: 65534
  seccompProfile: { type: RuntimeDefault }
volumes:
  - name: token
    emptyDir: { medium: Memory }
  # Routes outlive the container.
  - name: state
    emptyDir: {}
  - name: tmp
    emptyDir: {}
  - name: given
    secret:
      secretName: {{ include "jupyterhub.hub.fullname" . }}
      optional: true
      items:
        - key: hub.config.ConfigurableHTTPProxy.auth_token
          path: token
  - name: account
    projected:
      sources:
        - serviceAccountToken: { path: token }
        - configMap: { name: kube-root-ca.crt, items: [{ key: ca.crt, path: ca.crt }] }
        - downwardAPI: { items: [{ path: namespace, fieldRef: { fieldPath: metadata.namespace } }] }
  {{- if eq $tls "manual" }}
  - name: tls
    secret: { secretName: {{ include "jupyterhub.proxy-public-manual-tls.fullname" . }} }
  {{- else if eq $tls "secret" }}
  - name: tls
    secret: { secretName: {{ .Values.proxy.https.secret.name }} }
  {{- end }}
initContainers:
  # The token is given, or made once for all and kept in a Secret.
  - name: token
    image: {{ $image }}
    {{- include "jupyterhub.imagePolicy" $chp.image | nindent 4 }}
    command: [himalia, proxy-token]
    args:
      - --given=/run/given/token
      - --secret={{ include "jupyterhub.hub-generated.fullname" . }}
      - --out=/run/himalia/token
    {{- with $chp.resources }}
    resources: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $chp.containerSecurityContext }}
    securityContext: {{- toYaml . | nindent 6 }}
    {{- end }}
    volumeMounts:
      - { name: token, mountPath: /run/himalia }
      - { name: given, mountPath: /run/given, readOnly: true }
      - { name: tmp, mountPath: /tmp }
      - { name: account, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
containers:
  - name: chp
    image: {{ $image }}
    {{- include "jupyterhub.imagePolicy" $chp.image | nindent 4 }}
    {{- with $chp.command }}
    command: {{- toYaml . | nindent 6 }}
    {{- end }}
    args:
      - --ip=
      - --api-ip=
      - --api-port=8001
      - --default-target={{ $chp.defaultTarget | default (printf "http://%s:8081" (include "jupyterhub.hub.fullname" .)) }}
      - --error-target={{ $chp.errorTarget | default (printf "http://%s:8081%s/hub/error" (include "jupyterhub.hub.fullname" .) (.Values.hub.baseUrl | trimSuffix "/")) }}
      # A hub that is replaced is there again before anybody reads an error page.
      - --wait-for-default=15000
      - --state-dir=/var/lib/himalia
      - --drain-timeout=50000
      {{- include "jupyterhub.tls.flags" . | nindent 6 }}
      {{- if .Values.debug.enabled }}
      - --log-level=debug
      {{- end }}
      {{- if ((.Values.hub.config).JupyterHub).subdomain_host }}
      - --host-routing
      {{- end }}
      {{- range $chp.extraCommandLineFlags }}
      - {{ tpl . $ | quote }}
      {{- end }}
    env:
      - name: CONFIGPROXY_AUTH_TOKEN_FILE
        value: /run/himalia/token
      - name: POD_NAMESPACE
        valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
      {{- include "jupyterhub.extraEnv" $chp.extraEnv | nindent 6 }}
    ports:
      - { name: http, containerPort: 8000 }
      - { name: api, containerPort: 8001 }
      {{- if include "jupyterhub.tls.isHere" . }}
      - { name: https, containerPort: 8443 }
      {{- end }}
    {{- with $chp.resources }}
    resources: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $chp.containerSecurityContext }}
    securityContext: {{- toYaml . | nindent 6 }}
    {{- end }}
    volumeMounts:
      - { name: token, mountPath: /run/himalia, readOnly: true }
      - { name: state, mountPath: /var/lib/himalia }
      - { name: tmp, mountPath: /tmp }
      {{- if has $tls (list "manual" "secret") }}
      - { name: tls, mountPath: /etc/chp/tls, readOnly: true }
      {{- else if eq $tls "letsencrypt" }}
      - { name: account, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
      {{- end }}
    {{- range $name, $path := dict "livenessProbe" "/_chp_healthz" "readinessProbe" "/_chp_readyz" }}
    {{- $probe := index $chp $name }}
    {{- if $probe.enabled }}
    {{ $name }}:
      # Where TLS ends here this port redirects, all but these paths.
      httpGet:
        path: {{ $path }}
        port: http
      {{- include "jupyterhub.probeTiming" $probe | nindent 6 }}
    {{- end }}
    {{- end }}
{{- end }}
