import type { MessageTable } from "./message-table.js";

/** The spec of the custom resource networking.istio.io/v1beta1 ProxyConfig, as istio.io/api v1.31 declares it. */
export const proxyConfigResourceTable: MessageTable = {
  package: "istio.networking.v1beta1",
  messages: {
    ProxyConfig: {
      selector: "istio.type.v1beta1.WorkloadSelector",
      concurrency: "google.protobuf.Int32Value",
      environment_variables: "map string",
      image: "ProxyImage",
    },
    ProxyImage: { image_type: "string" },
  },
  enums: {},
};

/** The selector that Istio's resources share. */
export const workloadSelectorTable: MessageTable = {
  package: "istio.type.v1beta1",
  messages: { WorkloadSelector: { match_labels: "map string" } },
  enums: {},
};
