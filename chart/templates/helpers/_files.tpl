{{- /* Files that are made from the values: the entries of a Secret. */}}

{{- define "jupyterhub.extraFiles.data" -}}
{{- range $key, $file := . }}
{{- if $file }}{{ include "jupyterhub.extraFiles.validate" (list $key $file) }}{{ end }}
{{- with ($file).binaryData }}
{{ $key | quote }}: {{ . | replace " " "" | replace "\n" "" | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "jupyterhub.extraFiles.stringData" -}}
{{- range $key, $file := . }}
{{- if ($file).stringData }}
{{ $key | quote }}: {{ $file.stringData | toString | quote }}
{{- else if ($file).data }}
{{- $format := $file.mountPath | ext }}
{{ $key | quote }}: {{ if eq $format ".json" }}{{ $file.data | toJson | quote }}{{ else if eq $format ".toml" }}{{ $file.data | toToml | quote }}{{ else }}{{ $file.data | toYaml | quote }}{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "jupyterhub.extraFiles.validate" -}}
{{- $file := index . 1 }}
{{- $given := 0 }}
{{- range list "data" "stringData" "binaryData" }}{{ if hasKey $file . }}{{ $given = add1 $given }}{{ end }}{{ end }}
{{- if not $file.mountPath }}{{ fail (printf "extraFiles.%s has no mountPath: say where the file should be." (index . 0)) }}{{ end }}
{{- if ne (int $given) 1 }}{{ fail (printf "extraFiles.%s needs exactly one of data, stringData and binaryData." (index . 0)) }}{{ end }}
{{- if and (hasKey $file "data") (not (has (ext $file.mountPath) (list ".yaml" ".yml" ".json" ".toml"))) }}
{{- fail (printf "extraFiles.%s.mountPath must end in .yaml, .yml, .json or .toml: data is written in that format. Use stringData for other files." (index . 0)) }}
{{- end }}
{{- end }}

{{- /* Items of a volume of the Secret. */}}
{{- define "jupyterhub.extraFiles.items" -}}
{{- range $key, $file := . }}
{{- if $file }}
- key: {{ $key | quote }}
  path: {{ $key | quote }}
  {{- with $file.mode }}
  mode: {{ . }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "jupyterhub.extraFiles.mounts" -}}
{{- range $key, $file := . }}
{{- if $file }}
- name: files
  mountPath: {{ $file.mountPath }}
  subPath: {{ $key | quote }}
{{- end }}
{{- end }}
{{- end }}
