{{/* A threshold in seconds. A dict: hours (a value), suits (the hours where that is 0). */}}
{{- define "pillion.secondsLeft" -}}
{{- mulf 3600 (default .suits .hours) | floor | int -}}
{{- end -}}

{{/*
The alerts, as a list of alert, severity, for, expr, summary and description. Gauges that tell how things stand are
better than counters that tell what happened: a counter with labels appears with its first event, and a rise from
nothing is none to Prometheus.
*/}}
{{- define "pillion.alerts" -}}
{{- $v := .Values.prometheusRule -}}
{{- $matchers := include "pillion.selector" . -}}
{{- $s := printf "{%s}" $matchers -}}
{{- $sidecar := `kube_pod_container_info{container="istio-proxy"} or kube_pod_init_container_info{container="istio-proxy"}` -}}
{{- $calls := $v.webhookCalls.names | replace `\` `\\` -}}
- alert: PillionNotReady
  severity: critical
  for: {{ $v.notReady.minutes }}m
  expr: |-
    absent(pillion_ready{{ $s }} == 1)
  summary: No replica of Pillion is ready.
  description: >-
    Not one replica tells Prometheus that it is ready. Pods that ask for a sidecar are refused, or start without one
    where failurePolicy is Ignore.
- alert: PillionWebhookCallsFailing
  severity: critical
  for: {{ $v.webhookCalls.minutes }}m
  expr: |-
    sum by (name) (rate(apiserver_admission_webhook_rejection_count{error_type="calling_webhook_error",name=~"{{ $calls }}"}[5m])) > 0
    or
    sum by (name) (rate(apiserver_admission_webhook_fail_open_count{name=~"{{ $calls }}"}[5m])) > 0
  summary: The API server cannot call the sidecar injector.
  description: >-
    Calls for the webhook entry {{ "{{ $labels.name }}" }} fail on the way from the API server to the injector. Pods are
    refused, or start without a sidecar where failurePolicy is Ignore.
- alert: PillionNoRequests
  severity: warning
  # What is counted looks back already; this is only for kube-state-metrics to see what it has not yet seen.
  for: 5m
  expr: |-
    count by (namespace) (
      (time() - kube_pod_created{namespace=~"{{ $v.noRequests.namespaces | replace `\` `\\` }}"} < {{ mul 60 (int $v.noRequests.minutes) }})
      and on (namespace, pod) (kube_pod_status_phase{phase="Running"} == 1)
      and on (namespace, pod) kube_pod_info{created_by_kind!="Job",host_network="false"}
      unless on (namespace, pod) ({{ $sidecar }})
      and on (namespace) ({{ $sidecar }})
    ) >= {{ $v.noRequests.pods }}
    and on ()
    sum(increase(pillion_injection_duration_seconds_count{{ $s }}[{{ $v.noRequests.minutes }}m])) == 0
  summary: Pods are created, and Pillion is not asked.
  description: >-
    In namespace {{ "{{ $labels.namespace }}" }}, where pods have sidecars, {{ "{{ $value }}" }} pods were created without
    one in the last {{ $v.noRequests.minutes }} minutes, and no request reached Pillion.
- alert: PillionInjectionErrors
  severity: warning
  for: {{ $v.errors.minutes }}m
  expr: |-
    sum(rate(sidecar_injection_failure_total{{ $s }}[{{ $v.errors.minutes }}m]))
    / sum(rate(sidecar_injection_requests_total{{ $s }}[{{ $v.errors.minutes }}m])) > {{ $v.errors.ratio }}
    and
    sum(increase(sidecar_injection_failure_total{{ $s }}[{{ $v.errors.minutes }}m])) >= {{ $v.errors.minimum }}
  summary: Many injections fail.
  description: >-
    {{ "{{ $value | humanizePercentage }}" }} of the requests to Pillion fail, and their pods are refused.
- alert: PillionInjectionSlow
  severity: warning
  for: {{ $v.latency.minutes }}m
  expr: |-
    histogram_quantile({{ $v.latency.quantile }}, sum by (le) (rate(pillion_injection_duration_seconds_bucket{{ $s }}[{{ $v.latency.minutes }}m]))) > {{ $v.latency.seconds }}
  summary: Injection is slow.
  description: >-
    The {{ $v.latency.quantile }} quantile of the time to an answer is {{ "{{ $value | humanizeDuration }}" }}. Every new
    pod waits for it, and in the end the API server gives up.
- alert: PillionReviewHangs
  severity: warning
  expr: |-
    max by (review_namespace, review_kind, review_uid) (pillion_quarantined_review_bytes{{ $s }}) > 0
  summary: A pod made the injector hang.
  description: >-
    A review of kind {{ "{{ $labels.review_kind }}" }} in namespace {{ "{{ $labels.review_namespace }}" }} (uid
    {{ "{{ $labels.review_uid }}" }}, {{ "{{ $value | humanize1024 }}" }}B) held the event loop of a replica. The same
    object is rejected for an hour.
- alert: PillionWorkerHangs
  severity: warning
  expr: |-
    sum by (namespace, pod) (increase(pillion_worker_hangs_total{{ $s }}[15m])) > 0
  summary: A worker did not answer and was ended.
  description: >-
    In the last 15 minutes a worker of {{ "{{ $labels.pod }}" }} did not answer anybody any more, and was ended and replaced.
- alert: PillionConfigReloadFailing
  severity: warning
  for: {{ $v.reload.minutes }}m
  expr: |-
    min by (namespace, pod) (pillion_config_last_reload_successful{{ $s }}) == 0
  summary: A changed configuration is refused.
  description: >-
    {{ "{{ $labels.pod }}" }} refuses the newest configuration and injects with the last good one. A replica that starts
    now has none, and fails.
- alert: PillionConfigStale
  severity: warning
  expr: |-
    time() - max by (namespace, pod, resource) (pillion_watch_last_contact_timestamp_seconds{{ $s }}) > {{ mul 60 (int $v.watch.minutes) }}
  summary: Changes of the configuration do not arrive.
  description: >-
    {{ "{{ $labels.pod }}" }} has heard nothing about {{ "{{ $labels.resource }}" }} from the API server for
    {{ "{{ $value | humanizeDuration }}" }}. It injects by what it last knew.
{{- $expiry := $v.certificateExpiry }}
{{- $lives := .Values.certificates.pillion }}
{{- $isOwn := eq .Values.certificates.mode "pillion" }}
{{- $life := mulf 24 $lives.lifetimeDays }}
{{- range $severity, $seconds := dict
      "warning" (include "pillion.secondsLeft" (dict "hours" $expiry.warningHours "suits" (ternary (divf $life 3.5) 336 $isOwn)))
      "critical" (include "pillion.secondsLeft" (dict "hours" $expiry.criticalHours "suits" (ternary (divf $life 14) 72 $isOwn))) }}
- alert: PillionCertificateExpiring
  severity: {{ $severity }}
  expr: |-
    min(pillion_certificate_expiry_timestamp_seconds{{ $s }} > 0) - time() < {{ $seconds }}
  summary: The certificate of the webhook ends soon.
  description: >-
    The certificate that a replica serves ends in {{ "{{ $value | humanizeDuration }}" }}. Then the API server can no
    longer call it.
{{- end }}
{{- $life = mulf 24 $lives.caLifetimeDays }}
{{- range $severity, $seconds := dict
      "warning" (include "pillion.secondsLeft" (dict "hours" $v.authorityExpiry.warningHours "suits" (divf $life 6)))
      "critical" (include "pillion.secondsLeft" (dict "hours" $v.authorityExpiry.criticalHours "suits" (divf $life 50))) }}
- alert: PillionAuthorityExpiring
  severity: {{ $severity }}
  expr: |-
    min(pillion_ca_expiry_timestamp_seconds{{ $s }} > 0) - time() < {{ $seconds }}
  summary: The authority of the webhook's certificate ends soon.
  description: >-
    The newest certificate of Pillion's own authority ends in {{ "{{ $value | humanizeDuration }}" }} and was not renewed.
{{- end }}
- alert: PillionBundleMismatch
  severity: critical
  for: {{ $v.bundleMismatch.minutes }}m
  expr: |-
    max by (namespace, pod) (pillion_ca_bundle_mismatch{{ $s }}) == 1
  summary: The API server does not trust the webhook.
  description: >-
    A caBundle in a MutatingWebhookConfiguration does not verify the certificate that {{ "{{ $labels.pod }}" }} serves.
- alert: PillionCertificateReloadFailing
  severity: warning
  for: {{ $v.reload.minutes }}m
  expr: |-
    min by (namespace, pod) (pillion_certificate_last_reload_successful{{ $s }}) == 0
  summary: A changed certificate is refused.
  description: >-
    {{ "{{ $labels.pod }}" }} refuses the newest certificate and serves the old one until that ends.
- alert: PillionWebhookPatchFailing
  severity: warning
  for: {{ $v.patching.minutes }}m
  expr: |-
    sum by (name, reason) (increase(webhook_patch_failures_total{reason=~"load_ca_bundle_failure|webhook_update_failure",{{ $matchers }}}[5m])) > 0
  summary: The caBundle cannot be written.
  description: >-
    Writing the caBundle of {{ "{{ $labels.name }}" }} fails again and again: {{ "{{ $labels.reason }}" }}.
{{- end -}}
