import { GoFunction, type Value } from "../../gotemplate/index.js";
import { containerNames } from "../names.js";
import { readContainers } from "./read-containers.js";

const notTcp = new Set(["UDP", "SCTP"]);

/** The TCP ports of containers, joined by commas. */
function portList(containers: Value, skip?: string): string {
  return readContainers(containers)
    .filter((container) => container.name !== skip)
    .flatMap((container) => container.ports ?? [])
    .filter((port) => !notTcp.has(port.protocol ?? ""))
    .map((port) => String(port.containerPort))
    .join(",");
}

/** Adds a port to a comma list. A list that holds it already stays as it is written; port 0 and no port add nothing. */
export function excludeInboundPort(port: string, list: string): string {
  const wanted = port.trim();
  if (wanted === "" || wanted === "0") return list;
  const items = list.split(",");
  if (items.includes(wanted)) return list;
  return [...items.map((item) => item.trim()).filter((item) => item !== ""), wanted].join(",");
}

/** What templates call to handle ports (docs/behaviour.md#functions-of-templates). */
export function portFunctions(print: (value: Value) => string): GoFunction[] {
  return [
    new GoFunction("excludeInboundPort", "pure", ["any", "string"], false, ([port, list]) =>
      excludeInboundPort(print(port), String(list)),
    ),
    new GoFunction("includeInboundPorts", "pure", ["[]v1.Container"], false, ([containers]) =>
      portList(containers),
    ),
    new GoFunction("applicationPorts", "pure", ["[]v1.Container"], false, ([containers]) =>
      portList(containers, containerNames.proxy),
    ),
  ];
}
