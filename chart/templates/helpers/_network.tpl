{{- /* Rules of NetworkPolicies. */}}

{{- /* Who carries an access label: (list "hub.jupyter.org/network-access-hub" $policy) */}}
{{- define "jupyterhub.networkPolicy.from" -}}
{{- $label := dict (index . 0) "true" }}
- podSelector:
    matchLabels: {{ toJson $label }}
{{- if eq ((index . 1).interNamespaceAccessLabels | default "ignore") "accept" }}
  namespaceSelector: {}
- namespaceSelector:
    matchLabels: {{ toJson $label }}
{{- end }}
{{- end }}

{{- define "jupyterhub.networkPolicy.allowedPorts" -}}
{{- with .allowedIngressPorts }}
- ports:
    {{- range . }}
    - port: {{ . }}
    {{- end }}
{{- end }}
{{- end }}

{{- /* Addresses that hand out a cloud's credentials: IPv4 from the values, IPv6 as AWS and Google have them. */}}
{{- define "jupyterhub.metadata.v6" -}}
{{- toJson (list "fd00:ec2::254/128" "fd20:ce::254/128") }}
{{- end }}

{{- /* Where a pod may connect to beside the pods of the release: (list $ $policy) */}}
{{- define "jupyterhub.networkPolicy.egress" -}}
{{- $root := index . 0 }}
{{- $policy := index . 1 }}
{{- $rules := $policy.egressAllowRules | default dict }}
{{- $metadata := printf "%s/32" $root.Values.singleuser.cloudMetadata.ip }}
{{- $metadata6 := include "jupyterhub.metadata.v6" $root | fromJsonArray }}
{{- /* The last two are no more public: carriers, and many a cluster, have the one, laboratories the other. */}}
{{- $private := list "10.0.0.0/8" "172.16.0.0/12" "192.168.0.0/16" "100.64.0.0/10" "198.18.0.0/15" }}
{{- if or $rules.dnsPortsCloudMetadataServer $rules.dnsPortsKubeSystemNamespace $rules.dnsPortsPrivateIPs }}
- ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
  to:
    {{- if $rules.dnsPortsCloudMetadataServer }}
    - ipBlock:
        cidr: {{ $metadata }}
    {{- end }}
    {{- if $rules.dnsPortsKubeSystemNamespace }}
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
    {{- end }}
    {{- if $rules.dnsPortsPrivateIPs }}
    {{- range append $private "fc00::/7" }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
    {{- end }}
{{- end }}
{{- if $rules.nonPrivateIPs }}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except: {{ append $private $metadata | toJson }}
    - ipBlock:
        cidr: ::/0
        # Private and link-local addresses, metadata servers among them, also by way of NAT64.
        except: ["fc00::/7", "fe80::/10", "64:ff9b::a9fe:a9fe/128"]
{{- end }}
{{- if $rules.privateIPs }}
- to:
    {{- range $private }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
    - ipBlock:
        cidr: fc00::/7
        except: {{ toJson $metadata6 }}
{{- end }}
{{- if $rules.cloudMetadataServer }}
- to:
    {{- range prepend $metadata6 $metadata }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
{{- end }}
{{- with $policy.egress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Pods of the release by their component: (list $ "proxy") */}}
{{- define "jupyterhub.networkPolicy.pods" -}}
- podSelector:
    matchLabels: {{- include "jupyterhub.matchLabels" (merge (dict "componentLabel" (index . 1)) (index . 0)) | nindent 6 }}
{{- end }}
