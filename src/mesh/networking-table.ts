import type { MessageTable } from "./message-table.js";

/** The messages of the traffic API that the mesh configuration borrows, as istio.io/api v1.31 declares them. */
export const networkingTable: MessageTable = {
  package: "istio.networking.v1alpha3",
  messages: {
    "ConnectionPoolSettings.TCPSettings.TcpKeepalive": {
      probes: "uint32",
      time: "google.protobuf.Duration",
      interval: "google.protobuf.Duration",
    },
    ClientTLSSettings: {
      mode: "ClientTLSSettings.TLSmode",
      client_certificate: "string",
      private_key: "string",
      ca_certificates: "string",
      credential_name: "string",
      subject_alt_names: "repeated string",
      sni: "string",
      insecure_skip_verify: "google.protobuf.BoolValue",
      ca_crl: "string",
    },
    ReadinessProbe: {
      initial_delay_seconds: "int32",
      timeout_seconds: "int32",
      period_seconds: "int32",
      success_threshold: "int32",
      failure_threshold: "int32",
      health_check_method: {
        oneof: {
          http_get: "HTTPHealthCheckConfig",
          tcp_socket: "TCPHealthCheckConfig",
          exec: "ExecHealthCheckConfig",
          grpc: "GrpcHealthCheckConfig",
        },
      },
    },
    HTTPHealthCheckConfig: {
      path: "string",
      port: "uint32",
      host: "string",
      scheme: "string",
      http_headers: "repeated HTTPHeader",
    },
    HTTPHeader: {
      name: "string",
      value: "string",
    },
    TCPHealthCheckConfig: {
      host: "string",
      port: "uint32",
    },
    ExecHealthCheckConfig: {
      command: "repeated string",
    },
    GrpcHealthCheckConfig: {
      port: "uint32",
      service: "string",
    },
    LocalityLoadBalancerSetting: {
      distribute: "repeated LocalityLoadBalancerSetting.Distribute",
      failover: "repeated LocalityLoadBalancerSetting.Failover",
      failover_priority: "repeated string",
      enabled: "google.protobuf.BoolValue",
    },
    "LocalityLoadBalancerSetting.Distribute": {
      from: "string",
      to: "map uint32",
    },
    "LocalityLoadBalancerSetting.Failover": {
      from: "string",
      to: "string",
    },
    ZoneAwareLoadBalancerSetting: {
      enabled: "google.protobuf.BoolValue",
      failover: "repeated ZoneAwareLoadBalancerSetting.Failover",
      failover_priority: "repeated string",
      min_cluster_size: "google.protobuf.UInt32Value",
    },
    "ZoneAwareLoadBalancerSetting.Failover": {
      from: "string",
      to: "string",
    },
    HTTPRetry: {
      attempts: "int32",
      per_try_timeout: "google.protobuf.Duration",
      retry_on: "string",
      retry_remote_localities: "google.protobuf.BoolValue",
      retry_ignore_previous_hosts: "google.protobuf.BoolValue",
      backoff: "google.protobuf.Duration",
    },
    ConnectionPoolSettings: {
      tcp: "ConnectionPoolSettings.TCPSettings",
      http: "ConnectionPoolSettings.HTTPSettings",
    },
    "ConnectionPoolSettings.TCPSettings": {
      max_connections: "int32",
      connect_timeout: "google.protobuf.Duration",
      tcp_keepalive: "ConnectionPoolSettings.TCPSettings.TcpKeepalive",
      max_connection_duration: "google.protobuf.Duration",
      idle_timeout: "google.protobuf.Duration",
    },
    "ConnectionPoolSettings.HTTPSettings": {
      http1_max_pending_requests: "int32",
      http2_max_requests: "int32",
      max_requests_per_connection: "int32",
      max_retries: "int32",
      idle_timeout: "google.protobuf.Duration",
      h2_upgrade_policy: "ConnectionPoolSettings.HTTPSettings.H2UpgradePolicy",
      use_client_protocol: "bool",
      max_concurrent_streams: "int32",
      http2_keep_alive: "ConnectionPoolSettings.HTTPSettings.ConnectionKeepalive",
    },
    "ConnectionPoolSettings.HTTPSettings.ConnectionKeepalive": {
      interval: "google.protobuf.Duration",
      timeout: "google.protobuf.Duration",
    },
    OutlierDetection: {
      consecutive_errors: "int32",
      split_external_local_origin_errors: "bool",
      consecutive_local_origin_failures: "google.protobuf.UInt32Value",
      consecutive_gateway_errors: "google.protobuf.UInt32Value",
      consecutive_5xx_errors: "google.protobuf.UInt32Value",
      interval: "google.protobuf.Duration",
      base_ejection_time: "google.protobuf.Duration",
      max_ejection_percent: "int32",
      min_health_percent: "int32",
      outlier_detection_http_error_codes: "repeated uint32",
    },
  },
  enums: {
    "ClientTLSSettings.TLSmode": { DISABLE: 0, SIMPLE: 1, MUTUAL: 2, ISTIO_MUTUAL: 3 },
    "ConnectionPoolSettings.HTTPSettings.H2UpgradePolicy": { DEFAULT: 0, DO_NOT_UPGRADE: 1, UPGRADE: 2 },
  },
};
