{{/*
The certificate of mode "helm", as a dict of PEM texts: ca, certificate, key. It is made once in a rendering, as the
Secret and the webhook configurations must agree; it is kept over upgrades as long as the Secret is for the same name.
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

{{/* The authority that webhook configurations name, base64; empty where something else fills it in. */}}
{{- define "pillion.caBundle" -}}
{{- if .Values.webhook.injectionURL -}}
{{- with .Values.webhook.injectionCABundle }}{{ b64enc . }}{{ end -}}
{{- else if eq .Values.certificates.mode "helm" -}}
{{- (include "pillion.helmCertificate" . | fromJson).ca | b64enc -}}
{{- else if eq .Values.certificates.mode "secret" -}}
{{- with .Values.certificates.caBundle }}{{ b64enc . }}{{ end -}}
{{- end -}}
{{- end -}}
