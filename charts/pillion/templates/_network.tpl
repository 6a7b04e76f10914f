{{/* Who may call the webhook, a JSON list of NetworkPolicyPeers; empty: anybody (ADR 0420). */}}
{{- define "pillion.webhookPeers" -}}
{{- $policy := .Values.networkPolicy -}}
{{- $peers := $policy.webhookFrom -}}
{{- range $policy.apiServerAddresses -}}
{{- $peers = append $peers (dict "ipBlock" (dict "cidr" .)) -}}
{{- end -}}
{{- toJson $peers -}}
{{- end -}}

{{/* Who may read metrics, the same. Where only pods are chosen, they are those of the release namespace. */}}
{{- define "pillion.monitoringPeers" -}}
{{- $policy := .Values.networkPolicy -}}
{{- $peer := dict -}}
{{- with $policy.monitoringNamespaceSelector }}{{ $_ := set $peer "namespaceSelector" . }}{{ end -}}
{{- with $policy.monitoringPodSelector }}{{ $_ := set $peer "podSelector" . }}{{ end -}}
{{- ternary (append $policy.monitoringFrom $peer) $policy.monitoringFrom (gt (len $peer) 0) | toJson -}}
{{- end -}}
