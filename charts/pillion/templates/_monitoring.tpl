{{/* One endpoint of a monitor. A dict: root, monitor (its values), port. Both monitors name the job alike. */}}
{{- define "pillion.monitorEndpoint" -}}
- port: {{ .port }}
  path: /metrics
  {{- with .monitor.interval }}
  interval: {{ . }}
  {{- end }}
  {{- with .monitor.scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  relabelings:
    - targetLabel: job
      replacement: {{ include "pillion.fullname" .root }}
    {{- with .monitor.relabelings }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .monitor.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* Metadata of an object that another program looks for. A dict: root, values (its labels and annotations), name (absent: the release's). */}}
{{- define "pillion.monitoringMetadata" -}}
name: {{ .name | default (include "pillion.fullname" .root) }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "pillion.labels" .root | nindent 2 }}
  {{- with .values.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .values.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The matchers of this injector's series. */}}
{{- define "pillion.selector" -}}
{{- if .Values.prometheusRule.selector -}}
{{ .Values.prometheusRule.selector }}
{{- else if .Values.webhook.injectionURL -}}
{{- fail "prometheusRule.selector: say which series are those of the injector at webhook.injectionURL" -}}
{{- else -}}
namespace="{{ .Release.Namespace }}",job="{{ include "pillion.fullname" . }}"
{{- end -}}
{{- end -}}
