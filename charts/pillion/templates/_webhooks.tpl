{{/* One entry. A dict: root, name, caBundle, namespaceSelector and objectSelector (lists of expressions). */}}
{{- define "pillion.webhook" -}}
- name: {{ .name }}.sidecar-injector.istio.io
  clientConfig:
    {{- $webhook := .root.Values.webhook }}
    {{- if $webhook.injectionURL }}
    url: {{ printf "%s%s" (trimSuffix "/" $webhook.injectionURL) $webhook.injectionPath | quote }}
    {{- else }}
    service:
      name: {{ include "pillion.fullname" .root }}
      namespace: {{ .root.Release.Namespace }}
      path: {{ $webhook.injectionPath | quote }}
      port: 443
    {{- end }}
    {{- with .caBundle }}
    caBundle: {{ . | quote }}
    {{- end }}
  sideEffects: None
  rules:
    - operations: ["CREATE"]
      apiGroups: [""]
      apiVersions: ["v1"]
      resources: ["pods"]
  failurePolicy: {{ $webhook.failurePolicy }}
  reinvocationPolicy: {{ $webhook.reinvocationPolicy }}
  timeoutSeconds: {{ $webhook.timeoutSeconds }}
  admissionReviewVersions: ["v1"]
  namespaceSelector:
    matchExpressions:
      {{- toYaml .namespaceSelector | nindent 6 }}
  objectSelector:
    matchExpressions:
      {{- toYaml .objectSelector | nindent 6 }}
  {{- if $webhook.matchConditions }}
  matchConditions:
    # The injector leaves these namespaces alone too; here the API server does not even ask.
    - name: not-an-ignored-namespace
      expression: '!(request.namespace in ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"])'
  {{- end }}
{{- end -}}

{{/* The entries of one object. A dict: root, caBundle, revision (what labels name), default (takes istio-injection too). */}}
{{- define "pillion.webhooks" -}}
{{- $noLegacy := dict "key" "istio-injection" "operator" "DoesNotExist" -}}
{{- $noRevision := dict "key" "istio.io/rev" "operator" "DoesNotExist" -}}
{{- $revision := dict "key" "istio.io/rev" "operator" "In" "values" (list .revision) -}}
{{- $notFalse := dict "key" "sidecar.istio.io/inject" "operator" "NotIn" "values" (list "false") -}}
{{- $true := dict "key" "sidecar.istio.io/inject" "operator" "In" "values" (list "true") -}}
{{- $unsaid := dict "key" "sidecar.istio.io/inject" "operator" "DoesNotExist" -}}
{{- $enabled := dict "key" "istio-injection" "operator" "In" "values" (list "enabled") -}}
{{- $notIgnored := dict "key" "kubernetes.io/metadata.name" "operator" "NotIn" "values" (list "kube-system" "kube-public" "kube-node-lease" "local-path-storage") -}}
{{ include "pillion.webhook" (dict "root" .root "caBundle" .caBundle "name" "rev.namespace" "namespaceSelector" (list $revision $noLegacy) "objectSelector" (list $notFalse)) }}
{{ include "pillion.webhook" (dict "root" .root "caBundle" .caBundle "name" "rev.object" "namespaceSelector" (list $noRevision $noLegacy) "objectSelector" (list $notFalse $revision)) }}
{{- if .default }}
{{ include "pillion.webhook" (dict "root" .root "caBundle" .caBundle "name" "namespace" "namespaceSelector" (list $enabled) "objectSelector" (list $notFalse)) }}
{{ include "pillion.webhook" (dict "root" .root "caBundle" .caBundle "name" "object" "namespaceSelector" (list $noLegacy $noRevision) "objectSelector" (list $true $noRevision)) }}
{{- if .root.Values.webhook.enableNamespacesByDefault }}
{{ include "pillion.webhook" (dict "root" .root "caBundle" .caBundle "name" "auto" "namespaceSelector" (list $noLegacy $noRevision $notIgnored) "objectSelector" (list $unsaid $noRevision)) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Metadata of one object. A dict: root, name (whole), tag, caBundle. */}}
{{- define "pillion.webhookMetadata" -}}
{{- $values := .root.Values -}}
name: {{ .name }}
labels:
  {{- include "pillion.labels" .root | nindent 2 }}
  app: sidecar-injector
  release: {{ .root.Release.Name }}
  istio.io/rev: {{ $values.revision | quote }}
  {{- with .tag }}
  istio.io/tag: {{ . | quote }}
  {{- end }}
{{- $annotations := dict -}}
{{- if and (not $values.webhook.injectionURL) (eq $values.certificates.mode "cert-manager") -}}
{{- $_ := set $annotations "cert-manager.io/inject-ca-from" (printf "%s/%s" .root.Release.Namespace (include "pillion.fullname" .root)) -}}
{{- end -}}
{{- if include "pillion.ownAuthority" .root -}}
{{- $_ := set $annotations "pillion.dev/ca-bundle" (ternary "kept by Helm" "written by Pillion" (ne .caBundle "")) -}}
{{- end -}}
{{- with merge (deepCopy $values.webhook.annotations) $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
