// What `helm test` runs: makes a pod in dry run, with the label of the revision, and looks whether it was injected.
import { readFileSync } from "node:fs";
import { request } from "node:https";

const {
  KUBERNETES_SERVICE_HOST: host,
  KUBERNETES_SERVICE_PORT: port,
  TEST_NAMESPACE,
  TEST_REVISION,
} = process.env;
const account = process.env.TEST_SERVICE_ACCOUNT_DIR ?? "/var/run/secrets/kubernetes.io/serviceaccount";
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { generateName: "pillion-test-", labels: { "istio.io/rev": TEST_REVISION } },
  spec: { containers: [{ name: "app", image: "pause" }] },
};
const options = {
  host,
  port,
  method: "POST",
  path: `/api/v1/namespaces/${TEST_NAMESPACE}/pods?dryRun=All`,
  ca: readFileSync(`${account}/ca.crt`),
  timeout: 30_000,
  headers: {
    authorization: `Bearer ${readFileSync(`${account}/token`, "utf8").trim()}`,
    "content-type": "application/json",
  },
};
const call = request(options, async (response) => {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  const answer = JSON.parse(text);
  const { initContainers = [], containers = [] } = answer.spec ?? {};
  const names = [...initContainers, ...containers].map(({ name }) => name);
  const injected = names.includes("istio-proxy");
  console.log(
    injected ? `injected: ${names.join(", ")}` : `not injected: ${answer.message ?? names.join(", ")}`,
  );
  process.exitCode = injected ? 0 : 1;
});
call.on("timeout", () => call.destroy(new Error("the API server does not answer")));
call.on("error", (error) => {
  console.log(error.message);
  process.exitCode = 1;
});
call.end(JSON.stringify(pod));
