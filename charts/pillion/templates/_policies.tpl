{{/* What names of cluster-wide objects begin with. */}}
{{- define "pillion.clusterName" -}}
{{- printf "%s-%s" (include "pillion.fullname" .) .Release.Namespace -}}
{{- end -}}

{{/* Pillion as the API server names it: the user of its ServiceAccount. */}}
{{- define "pillion.userName" -}}
{{- printf "system:serviceaccount:%s:%s" .Release.Namespace (include "pillion.serviceAccountName" .) -}}
{{- end -}}

{{/* The users who may change the caBundle, a JSON list. */}}
{{- define "pillion.caBundleWriters" -}}
{{- $own := ternary (list (include "pillion.userName" .)) list (eq (include "pillion.ownAuthority" .) "true") -}}
{{- concat $own .Values.admissionPolicies.caBundleWriters.users | uniq | toJson -}}
{{- end -}}

{{/* Whether somebody is known who writes the caBundle, so that the others can be kept from it: "true" or empty. */}}
{{- define "pillion.knowsCaBundleWriters" -}}
{{- $writers := .Values.admissionPolicies.caBundleWriters -}}
{{- if or (include "pillion.ownAuthority" .) $writers.users $writers.groups -}}true{{- end -}}
{{- end -}}

{{/*
CEL: whether a webhook calls this injector, by its Service, or by its URL or one below it. A dict: root, webhook (the
variable). `namespace` is a word of CEL and has to be an index.
*/}}
{{- define "pillion.celCallsPillion" -}}
{{- $config := printf "%s.clientConfig" .webhook -}}
{{- with trimSuffix "/" .root.Values.webhook.injectionURL -}}
has({{ $config }}.url) && ({{ $config }}.url == {{ toJson . }} || {{ $config }}.url.startsWith({{ printf "%s/" . | toJson }}))
{{- else -}}
has({{ $config }}.service) && dyn({{ $config }}.service)["name"] == {{ include "pillion.fullname" .root | toJson }} && dyn({{ $config }}.service)["namespace"] == {{ .root.Release.Namespace | toJson }}
{{- end -}}
{{- end -}}

{{/*
CEL: whether two objects have the same keys with the same values, but for some. Whatever a later Kubernetes adds is
compared as well. A dict: before, after (expressions), but (keys).
*/}}
{{- define "pillion.celSame" -}}
dyn({{ .after }}).all(key, key in {{ toJson .but }} || (key in dyn({{ .before }}) && dyn({{ .after }})[key] == dyn({{ .before }})[key])) &&
dyn({{ .before }}).all(key, key in {{ toJson .but }} || key in dyn({{ .after }}))
{{- end -}}

{{/* A binding that denies what a policy does not allow. A dict: root, name. */}}
{{- define "pillion.policyBinding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ .name }}
  labels:
    {{- include "pillion.labels" .root | nindent 4 }}
spec:
  policyName: {{ .name }}
  validationActions: [Deny]
{{- end -}}
