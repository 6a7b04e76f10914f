import { applyAnswer, readAnswer, smallPod } from "./admission-review.js";
import type { Answer } from "./https-client.js";

/** The files of a configuration that prints its number twice, once from the inject config and once from the values. */
export function stampedConfig(stamp: string): Readonly<Record<string, string>> {
  return {
    config: `policy: enabled
defaultTemplates: [stamp]
templates:
  stamp: |
    metadata:
      labels:
        from-config: "${stamp}"
        from-values: "{{ .Values.global.stamp }}"
    spec:
      containers:
      - name: istio-proxy
        image: proxy
`,
    values: JSON.stringify({ global: { stamp } }),
  };
}

/** Configurations that must be refused, each at another stage, whatever their number. */
export function faultyConfig(stamp: string, turn: number): Readonly<Record<string, string>> {
  const good = stampedConfig(stamp);
  const { config = "" } = good;
  const faults: readonly Readonly<Record<string, string>>[] = [
    { ...good, values: "global: [" },
    { ...good, config: config.replace(".Values.global.stamp }}", ".Values.global.stamp }") },
    { ...good, config: config.replace("{{ .Values", "{{ nosuch .Values") },
    { ...good, config: config.replace("policy: enabled", "policy: [") },
    { ...good, config: config.replace("image: proxy", "image: {{ .No.Such.Thing }}") },
  ];
  return faults[turn % faults.length] ?? good;
}

/** The pod whose answers {@link stampOf} reads. */
export const stampedPod = smallPod("stamped");

/** The number of the configuration that an answer was made with. Throws where the answer was made with two. */
export function stampOf(answer: Answer): string {
  const review = readAnswer(answer.text);
  if (!review.response.allowed) throw new Error(`refused: ${answer.text}`);
  const labels = /"from-config":"([^"]*)".*"from-values":"([^"]*)"/.exec(
    JSON.stringify(applyAnswer(review, stampedPod)),
  );
  if (labels === null || labels[1] !== labels[2]) throw new Error(`a mixed answer: ${labels?.[0]}`);
  return labels[1] ?? "";
}
