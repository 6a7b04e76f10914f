import { callersOf, type NamespaceFacts } from "./callers.js";
import type { DeploymentFacts } from "./deployment.js";
import { command, type Finding, fault, fine, notKnown, unread } from "./finding.js";
import type { Installation } from "./installation.js";
import type { Reading } from "./reading.js";

/** What tells whether the injector can start in a cluster in which nothing runs yet. */
export interface ColdStartReadings {
  /** Undefined: there is no Service by which to find it. The value is undefined where no Deployment has such pods. */
  readonly deployment: Reading<DeploymentFacts | undefined> | undefined;
  /** Whether some Node has the labels that the Deployment selects. */
  readonly nodeFits: Reading<boolean> | undefined;
  readonly namespaces: Reading<readonly NamespaceFacts[]>;
  /** Whether `namespaces` are all that there are. */
  readonly allNamespaces: boolean;
}

/** Namespaces of Kubernetes itself whose pods the injector needs in order to start: network, names, storage. */
const systemNamespaces = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

/** Can everything start while no injector runs: after an outage of the cluster, say? */
export function checkColdStart(installation: Installation, readings: ColdStartReadings): readonly Finding[] {
  const { deployment, namespaces } = readings;
  const found = [
    ...checkNamespaces(installation, namespaces),
    ...(deployment === undefined ? [] : checkDeployment(installation, deployment, readings)),
  ];
  const lines = found.filter(({ status }) => status !== "ok");
  if (lines.length > 0) return lines;
  if (deployment === undefined)
    return [
      notKnown("cold-start", {
        object: "clientConfig.url",
        message: "The injector is outside the cluster; whether it starts alone is not seen from here.",
      }),
    ];
  if (!readings.allNamespaces)
    return [
      notKnown("cold-start", {
        object: installation.own.service ?? "",
        message: "Only one namespace was looked at; the injector may need pods of others.",
        remedy: "Check without --namespace.",
      }),
    ];
  return [
    fine("cold-start", {
      object: installation.own.service ?? "",
      message: "Nothing that the injector needs in order to start waits for the injector.",
    }),
  ];
}

function checkNamespaces(
  installation: Installation,
  namespaces: Reading<readonly NamespaceFacts[]>,
): readonly Finding[] {
  if (namespaces.kind !== "read") return [unread("cold-start", "Namespaces", namespaces)];
  return namespaces.value
    .filter(({ name }) => systemNamespaces.includes(name))
    .flatMap((namespace) => {
      const [caller] = callersOf(installation, namespace, {}).filter(blocks);
      if (caller === undefined) return [];
      return [
        fault("system-namespace-injected", {
          object: `Namespace ${namespace.name}`,
          message: `${caller.configuration} calls the injector for pods of ${namespace.name} and refuses them while none answers; the injector may need those pods to start.`,
          remedy: `Remove its labels: ${command(`kubectl label namespace ${namespace.name} istio-injection- istio.io/rev-`)}; or set webhook.matchConditions=true in the chart.`,
        }),
      ];
    });
}

function checkDeployment(
  installation: Installation,
  deployment: Reading<DeploymentFacts | undefined>,
  readings: ColdStartReadings,
): readonly Finding[] {
  if (deployment.kind !== "read") return [unread("cold-start", "Deployment", deployment)];
  const facts = deployment.value;
  if (facts === undefined)
    return [
      notKnown("cold-start", {
        object: `Service ${installation.own.service ?? ""}`,
        message: "No Deployment of its namespace makes the pods that the Service selects.",
      }),
    ];
  return [
    ...checkOwnPods(installation, facts, readings),
    ...checkNodes(facts, readings.nodeFits),
    ...checkReplicas(facts),
  ];
}

function checkOwnPods(
  installation: Installation,
  { title, name, namespace, podLabels }: DeploymentFacts,
  { namespaces }: ColdStartReadings,
): readonly Finding[] {
  if (namespaces.kind !== "read") return [];
  const home = namespaces.value.find((one) => one.name === namespace);
  if (home === undefined || !callersOf(installation, home, podLabels).some(blocks)) return [];
  return [
    fault("own-pods-injected", {
      object: `Deployment ${title}`,
      message:
        "The API server calls the injector for the injector's own pods: once all are gone, none can be created.",
      remedy: `Label its pods sidecar.istio.io/inject: "false" (the chart does): ${command(`kubectl -n ${namespace} patch deployment ${name} -p '{"spec":{"template":{"metadata":{"labels":{"sidecar.istio.io/inject":"false"}}}}}'`)}.`,
    }),
  ];
}

function checkNodes(
  { title, nodeSelector }: DeploymentFacts,
  fits: Reading<boolean> | undefined,
): readonly Finding[] {
  if (fits === undefined || (fits.kind === "read" && fits.value)) return [];
  if (fits.kind !== "read") return [unread("cold-start", "Nodes", fits)];
  const selector = Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`);
  return [
    fault("no-node-fits", {
      object: `Deployment ${title}`,
      message: `No Node has the labels ${selector.join(", ")} that its nodeSelector demands, so no pod of it can be placed.`,
      remedy: "Correct nodeSelector in the chart's values, or label Nodes.",
    }),
  ];
}

function checkReplicas({ title, replicas, readyReplicas }: DeploymentFacts): readonly Finding[] {
  const object = `Deployment ${title}`;
  if (replicas < 2)
    return [
      fault("single-replica", {
        object,
        message: `It has ${replicas} ${replicas === 1 ? "replica" : "replicas"}: while that pod moves to another Node, no pod of an injected namespace can be created.`,
        remedy: "Set replicas=2 (or autoscaling.minReplicas=2) in the chart.",
      }),
    ];
  if (readyReplicas < replicas)
    return [
      fault("replicas-missing", {
        object,
        message: `${readyReplicas} of ${replicas} replicas are ready.`,
        remedy: `See why: ${command(`kubectl -n ${title.replace("/", " describe deployment ")}`)}.`,
      }),
    ];
  return [];
}

function blocks({ failurePolicy }: { readonly failurePolicy: string }): boolean {
  return failurePolicy === "Fail";
}
