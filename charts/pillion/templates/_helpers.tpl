{{- define "pillion.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "pillion.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "pillion.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "pillion.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "pillion.selectorLabels" -}}
app.kubernetes.io/name: {{ include "pillion.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "pillion.labels" -}}
{{ include "pillion.selectorLabels" . }}
app.kubernetes.io/component: injector
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "pillion.serviceAccountName" -}}
{{- default (ternary (include "pillion.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{/* The revision as a suffix of names: empty for the default one. */}}
{{- define "pillion.revisionSuffix" -}}
{{- if ne .Values.revision "default" }}-{{ .Values.revision }}{{ end -}}
{{- end -}}

{{/* Istio's names for objects of a release namespace other than istio-system. */}}
{{- define "pillion.namespaceSuffix" -}}
{{- if ne .Release.Namespace "istio-system" }}-{{ .Release.Namespace }}{{ end -}}
{{- end -}}

{{- define "pillion.injectConfigMap" -}}
{{- default (printf "istio-sidecar-injector%s" (include "pillion.revisionSuffix" .)) .Values.config.existingConfigMap -}}
{{- end -}}

{{- define "pillion.meshConfigMap" -}}
{{- default (printf "istio%s" (include "pillion.revisionSuffix" .)) .Values.meshConfig.existingConfigMap -}}
{{- end -}}

{{- define "pillion.certificateSecret" -}}
{{- if and (eq .Values.certificates.mode "secret") (not .Values.certificates.secretName) -}}
{{- fail "certificates.secretName: name the Secret with tls.crt and tls.key, as certificates.mode is secret" -}}
{{- end -}}
{{- default (printf "%s-tls" (include "pillion.fullname" .)) .Values.certificates.secretName -}}
{{- end -}}

{{/* The name by which the API server calls the Service. */}}
{{- define "pillion.serverName" -}}
{{ include "pillion.fullname" . }}.{{ .Release.Namespace }}.svc
{{- end -}}

{{- define "pillion.priorityClassName" -}}
{{- default (ternary (include "pillion.fullname" .) "" .Values.priorityClass.create) .Values.priorityClass.name -}}
{{- end -}}

{{- define "pillion.image" -}}
{{- $tag := default .Chart.AppVersion .Values.image.tag -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ $tag }}
{{- end -}}
{{- end -}}
