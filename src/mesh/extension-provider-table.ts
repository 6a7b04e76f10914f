import type { MessageTable } from "./message-table.js";

/** The extension providers of MeshConfig, as istio.io/api v1.31 declares them: fields in declaration order. */
export const extensionProviderTable: MessageTable = {
  package: "istio.mesh.v1alpha1",
  messages: {
    "MeshConfig.ExtensionProvider": {
      name: "string",
      provider: {
        oneof: {
          envoy_ext_authz_http: "MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationHttpProvider",
          envoy_ext_authz_grpc: "MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationGrpcProvider",
          zipkin: "MeshConfig.ExtensionProvider.ZipkinTracingProvider",
          lightstep: "MeshConfig.ExtensionProvider.LightstepTracingProvider",
          datadog: "MeshConfig.ExtensionProvider.DatadogTracingProvider",
          stackdriver: "MeshConfig.ExtensionProvider.StackdriverProvider",
          opencensus: "MeshConfig.ExtensionProvider.OpenCensusAgentTracingProvider",
          skywalking: "MeshConfig.ExtensionProvider.SkyWalkingTracingProvider",
          opentelemetry: "MeshConfig.ExtensionProvider.OpenTelemetryTracingProvider",
          prometheus: "MeshConfig.ExtensionProvider.PrometheusMetricsProvider",
          envoy_file_access_log: "MeshConfig.ExtensionProvider.EnvoyFileAccessLogProvider",
          envoy_http_als: "MeshConfig.ExtensionProvider.EnvoyHttpGrpcV3LogProvider",
          envoy_tcp_als: "MeshConfig.ExtensionProvider.EnvoyTcpGrpcV3LogProvider",
          envoy_otel_als: "MeshConfig.ExtensionProvider.EnvoyOpenTelemetryLogProvider",
          sds: "MeshConfig.ExtensionProvider.SDSProvider",
        },
      },
    },
    "MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationHttpProvider": {
      service: "string",
      port: "uint32",
      timeout: "google.protobuf.Duration",
      path_prefix: "string",
      fail_open: "bool",
      clear_route_cache: "bool",
      status_on_error: "string",
      include_headers_in_check: "repeated string",
      include_request_headers_in_check: "repeated string",
      include_additional_headers_in_check: "map string",
      include_request_body_in_check: "MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationRequestBody",
      headers_to_upstream_on_allow: "repeated string",
      headers_to_downstream_on_deny: "repeated string",
      headers_to_downstream_on_allow: "repeated string",
    },
    "MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationRequestBody": {
      max_request_bytes: "uint32",
      allow_partial_message: "bool",
      pack_as_bytes: "bool",
    },
    "MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationGrpcProvider": {
      service: "string",
      port: "uint32",
      timeout: "google.protobuf.Duration",
      fail_open: "bool",
      clear_route_cache: "bool",
      status_on_error: "string",
      include_request_body_in_check: "MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationRequestBody",
    },
    "MeshConfig.ExtensionProvider.ZipkinTracingProvider": {
      service: "string",
      port: "uint32",
      max_tag_length: "uint32",
      enable_64bit_trace_id: "bool",
      path: "string",
      trace_context_option: "MeshConfig.ExtensionProvider.ZipkinTracingProvider.TraceContextOption",
      timeout: "google.protobuf.Duration",
      headers: "repeated MeshConfig.ExtensionProvider.HttpHeader",
    },
    "MeshConfig.ExtensionProvider.HttpHeader": {
      name: "string",
      header_value: {
        oneof: {
          value: "string",
          env_name: "string",
        },
      },
    },
    "MeshConfig.ExtensionProvider.LightstepTracingProvider": {
      service: "string",
      port: "uint32",
      access_token: "string",
      max_tag_length: "uint32",
    },
    "MeshConfig.ExtensionProvider.DatadogTracingProvider": {
      service: "string",
      port: "uint32",
      max_tag_length: "uint32",
    },
    "MeshConfig.ExtensionProvider.StackdriverProvider": {
      debug: "bool",
      max_number_of_attributes: "google.protobuf.Int64Value",
      max_number_of_annotations: "google.protobuf.Int64Value",
      max_number_of_message_events: "google.protobuf.Int64Value",
      max_tag_length: "uint32",
      logging: "MeshConfig.ExtensionProvider.StackdriverProvider.Logging",
    },
    "MeshConfig.ExtensionProvider.StackdriverProvider.Logging": {
      labels: "map string",
    },
    "MeshConfig.ExtensionProvider.OpenCensusAgentTracingProvider": {
      service: "string",
      port: "uint32",
      context: "repeated MeshConfig.ExtensionProvider.OpenCensusAgentTracingProvider.TraceContext",
      max_tag_length: "uint32",
    },
    "MeshConfig.ExtensionProvider.SkyWalkingTracingProvider": {
      service: "string",
      port: "uint32",
      access_token: "string",
    },
    "MeshConfig.ExtensionProvider.OpenTelemetryTracingProvider": {
      service: "string",
      port: "uint32",
      max_tag_length: "uint32",
      http: "MeshConfig.ExtensionProvider.HttpService",
      grpc: "MeshConfig.ExtensionProvider.GrpcService",
      resource_detectors: "MeshConfig.ExtensionProvider.ResourceDetectors",
      service_attribute_enrichment: "MeshConfig.ExtensionProvider.ServiceAttributeEnrichment",
      sampling: {
        oneof: {
          dynatrace_sampler: "MeshConfig.ExtensionProvider.OpenTelemetryTracingProvider.DynatraceSampler",
        },
      },
    },
    "MeshConfig.ExtensionProvider.HttpService": {
      path: "string",
      timeout: "google.protobuf.Duration",
      headers: "repeated MeshConfig.ExtensionProvider.HttpHeader",
    },
    "MeshConfig.ExtensionProvider.GrpcService": {
      timeout: "google.protobuf.Duration",
      initial_metadata: "repeated MeshConfig.ExtensionProvider.HttpHeader",
    },
    "MeshConfig.ExtensionProvider.ResourceDetectors": {
      environment: "MeshConfig.ExtensionProvider.ResourceDetectors.EnvironmentResourceDetector",
      dynatrace: "MeshConfig.ExtensionProvider.ResourceDetectors.DynatraceResourceDetector",
    },
    "MeshConfig.ExtensionProvider.ResourceDetectors.EnvironmentResourceDetector": {},
    "MeshConfig.ExtensionProvider.ResourceDetectors.DynatraceResourceDetector": {},
    "MeshConfig.ExtensionProvider.OpenTelemetryTracingProvider.DynatraceSampler": {
      tenant: "string",
      cluster_id: "int32",
      root_spans_per_minute: "uint32",
      http_service: "MeshConfig.ExtensionProvider.OpenTelemetryTracingProvider.DynatraceSampler.DynatraceApi",
    },
    "MeshConfig.ExtensionProvider.OpenTelemetryTracingProvider.DynatraceSampler.DynatraceApi": {
      service: "string",
      port: "uint32",
      http: "MeshConfig.ExtensionProvider.HttpService",
    },
    "MeshConfig.ExtensionProvider.PrometheusMetricsProvider": {},
    "MeshConfig.ExtensionProvider.EnvoyFileAccessLogProvider": {
      path: "string",
      log_format: "MeshConfig.ExtensionProvider.EnvoyFileAccessLogProvider.LogFormat",
      omit_empty_values: "bool",
    },
    "MeshConfig.ExtensionProvider.EnvoyFileAccessLogProvider.LogFormat": {
      log_format: {
        oneof: {
          text: "string",
          labels: "google.protobuf.Struct",
        },
      },
    },
    "MeshConfig.ExtensionProvider.EnvoyHttpGrpcV3LogProvider": {
      service: "string",
      port: "uint32",
      log_name: "string",
      filter_state_objects_to_log: "repeated string",
      additional_request_headers_to_log: "repeated string",
      additional_response_headers_to_log: "repeated string",
      additional_response_trailers_to_log: "repeated string",
    },
    "MeshConfig.ExtensionProvider.EnvoyTcpGrpcV3LogProvider": {
      service: "string",
      port: "uint32",
      log_name: "string",
      filter_state_objects_to_log: "repeated string",
    },
    "MeshConfig.ExtensionProvider.EnvoyOpenTelemetryLogProvider": {
      service: "string",
      port: "uint32",
      log_name: "string",
      log_format: "MeshConfig.ExtensionProvider.EnvoyOpenTelemetryLogProvider.LogFormat",
    },
    "MeshConfig.ExtensionProvider.EnvoyOpenTelemetryLogProvider.LogFormat": {
      text: "string",
      labels: "google.protobuf.Struct",
    },
    "MeshConfig.ExtensionProvider.SDSProvider": {
      name: "string",
      service: "string",
      port: "uint32",
    },
  },
  enums: {
    "MeshConfig.ExtensionProvider.ZipkinTracingProvider.TraceContextOption": {
      USE_B3: 0,
      USE_B3_WITH_W3C_PROPAGATION: 1,
    },
    "MeshConfig.ExtensionProvider.OpenCensusAgentTracingProvider.TraceContext": {
      UNSPECIFIED: 0,
      W3C_TRACE_CONTEXT: 1,
      GRPC_BIN: 2,
      CLOUD_TRACE_CONTEXT: 3,
      B3: 4,
    },
    "MeshConfig.ExtensionProvider.ServiceAttributeEnrichment": {
      ISTIO_CANONICAL: 0,
      OTEL_SEMANTIC_CONVENTIONS: 1,
    },
  },
};
