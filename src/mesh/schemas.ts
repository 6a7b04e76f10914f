import { extensionProviderTable } from "./extension-provider-table.js";
import { linkSchemas } from "./link-schemas.js";
import { meshConfigTable } from "./mesh-config-table.js";
import type { MessageSchema } from "./message-schema.js";
import { networkingTable } from "./networking-table.js";
import { proxyConfigResourceTable, workloadSelectorTable } from "./proxy-config-resource-table.js";
import { proxyConfigTable } from "./proxy-config-table.js";
import { wellKnownTable } from "./well-known-table.js";

const schemas = linkSchemas([
  wellKnownTable,
  networkingTable,
  workloadSelectorTable,
  proxyConfigResourceTable,
  proxyConfigTable,
  extensionProviderTable,
  meshConfigTable,
]);

/** The schema of a message by its full name; a name that no table has is a programming error and throws. */
export function messageSchema(name: string): MessageSchema {
  const schema = schemas.get(name);
  if (schema === undefined) throw new Error(`There is no message ${name}`);
  return schema;
}

/** istio.mesh.v1alpha1.MeshConfig */
export const meshConfigSchema: MessageSchema = messageSchema("istio.mesh.v1alpha1.MeshConfig");
/** istio.mesh.v1alpha1.ProxyConfig */
export const proxyConfigSchema: MessageSchema = messageSchema("istio.mesh.v1alpha1.ProxyConfig");
/** istio.networking.v1beta1.ProxyConfig, the spec of the custom resource */
export const proxyConfigResourceSchema: MessageSchema = messageSchema("istio.networking.v1beta1.ProxyConfig");
/** google.protobuf.Duration */
export const durationSchema: MessageSchema = messageSchema("google.protobuf.Duration");
