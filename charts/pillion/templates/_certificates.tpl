{{/*
The certificate of mode "helm", as a dict of PEM texts: ca, certificate, key. It is made once in a rendering, as the
Secret and the webhook configurations must agree; it is kept over upgrades as long as the Secret is for the same name (ADR 0303).
*/}}
{{- define "pillion.helmCertificate" -}}
{{- if not (hasKey .Values "helmCertificate") -}}
{{- $name := include "pillion.serverName" . -}}
{{- $secret := lookup "v1" "Secret" .Release.Namespace (include "pillion.certificateSecret" .) | default dict -}}
{{- $data := $secret.data | default dict -}}
{{- $annotations := ($secret.metadata | default dict).annotations | default dict -}}
{{- $found := and (hasKey $data "ca.crt") (hasKey $data "tls.crt") (hasKey $data "tls.key") -}}
{{- if and $found (eq (get $annotations "pillion.dev/server-name") $name) -}}
{{- $kept := dict "ca" (index $data "ca.crt" | b64dec) "certificate" (index $data "tls.crt" | b64dec) "key" (index $data "tls.key" | b64dec) -}}
{{- $_ := set .Values "helmCertificate" $kept -}}
{{- else -}}
{{- $days := int .Values.certificates.validityDays -}}
{{- $ca := genCA (printf "%s authority" (include "pillion.fullname" .)) $days -}}
{{- $names := list $name (printf "%s.cluster.local" $name) (printf "%s.%s" (include "pillion.fullname" .) .Release.Namespace) -}}
{{- $leaf := genSignedCert $name nil $names $days $ca -}}
{{- $_ := set .Values "helmCertificate" (dict "ca" $ca.Cert "certificate" $leaf.Cert "key" $leaf.Key) -}}
{{- end -}}
{{- end -}}
{{- .Values.helmCertificate | toJson -}}
{{- end -}}

{{/* Whether Pillion makes, publishes and renews the certificate itself: "true" or empty. */}}
{{- define "pillion.ownAuthority" -}}
{{- $webhook := .Values.webhook -}}
{{- if and (eq .Values.certificates.mode "pillion") (not (and $webhook.injectionURL $webhook.injectionCABundle)) -}}true{{- end -}}
{{- end -}}

{{/* The Secret and the Lease of Pillion's own authority. */}}
{{- define "pillion.authoritySecret" -}}
{{- default (printf "%s-ca" (include "pillion.fullname" .)) .Values.certificates.pillion.secretName -}}
{{- end -}}

{{/*
The caBundle of mode "pillion", base64. Pillion writes it, so it is not rendered: Helm would put back what was. Where an
earlier mode did render it, leaving it out now would make Helm remove it, and the API server would trust nobody until
Pillion has written it again: then it is rendered as it stands, from then on. A new tag begins with that of its revision.
A dict: root, name (of the object).
*/}}
{{- define "pillion.keptBundle" -}}
{{- $kind := "MutatingWebhookConfiguration" -}}
{{- $api := "admissionregistration.k8s.io/v1" -}}
{{- $live := lookup $api $kind "" .name | default dict -}}
{{- if not $live -}}
{{- $revision := printf "istio-sidecar-injector%s%s" (include "pillion.revisionSuffix" .root) (include "pillion.namespaceSuffix" .root) -}}
{{- $live = lookup $api $kind "" $revision | default dict -}}
{{- with $live -}}{{- with (first (.webhooks | default (list dict))).clientConfig -}}{{- .caBundle | default "" -}}{{- end -}}{{- end -}}
{{- else if ne (get ($live.metadata.annotations | default dict) "pillion.dev/ca-bundle") "written by Pillion" -}}
{{- with (first ($live.webhooks | default (list dict))).clientConfig -}}{{- .caBundle | default "" -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* What mode "helm" publishes beside its own authority: that of pods which an upgrade from mode "pillion" replaces. */}}
{{- define "pillion.formerAuthorities" -}}
{{- $data := (lookup "v1" "Secret" .Release.Namespace (include "pillion.authoritySecret" .) | default dict).data | default dict -}}
{{- range $key := list "ca.crt" "next-ca.crt" -}}
{{- with get $data $key }}{{ b64dec . }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* The authority that webhook configurations name, base64; empty where something else fills it in. A dict: root, name. */}}
{{- define "pillion.caBundle" -}}
{{- $root := .root -}}
{{- if and $root.Values.webhook.injectionURL $root.Values.webhook.injectionCABundle -}}
{{- b64enc $root.Values.webhook.injectionCABundle -}}
{{- else if include "pillion.ownAuthority" $root -}}
{{- include "pillion.keptBundle" . -}}
{{- else if $root.Values.webhook.injectionURL -}}
{{- else if eq $root.Values.certificates.mode "helm" -}}
{{- printf "%s%s" (include "pillion.helmCertificate" $root | fromJson).ca (include "pillion.formerAuthorities" $root) | b64enc -}}
{{- else if eq $root.Values.certificates.mode "secret" -}}
{{- with $root.Values.certificates.caBundle }}{{ b64enc . }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* What is mounted below /etc/pillion, a JSON dict of volumes by name. */}}
{{- define "pillion.mounts" -}}
{{- $mounts := dict -}}
{{- if not (include "pillion.ownAuthority" .) }}{{ $_ := set $mounts "tls" (dict "secret" (dict "secretName" (include "pillion.certificateSecret" .))) }}{{ end -}}
{{- if .Values.webhook.clientCA }}{{ $_ := set $mounts "client-ca" (dict "configMap" (dict "name" (include "pillion.clientCAConfigMap" .))) }}{{ end -}}
{{- toJson $mounts -}}
{{- end -}}

{{- define "pillion.clientCAConfigMap" -}}
{{ include "pillion.fullname" . }}-client-ca
{{- end -}}
