import type { MetricLabels, Metrics } from "../../telemetry/index.js";
import type { QuarantinedReview } from "./quarantine.js";

const name = "pillion_quarantined_review_bytes";

/** Makes what shows the reviews that are quarantined on the metrics page, each for as long as it is one of them. */
export function quarantineMetrics(metrics: Metrics): (reviews: readonly QuarantinedReview[]) => void {
  let shown: readonly QuarantinedReview[] = [];
  return (reviews) => {
    for (const gone of shown.filter((review) => !reviews.includes(review)))
      metrics.remove(name, labelsOf(gone));
    for (const review of reviews) metrics.set(name, review.bytes, labelsOf(review));
    shown = reviews;
  };
}

// The names are such that Prometheus' own label `namespace`, which is that of the injector, does not displace one.
function labelsOf({ uid, namespace, kind }: QuarantinedReview): MetricLabels {
  return { review_uid: word(uid), review_namespace: word(namespace), review_kind: word(kind) };
}

// The API server makes the three of characters like these. What somebody else sends is no label's value.
function word(text: string): string {
  return /^[\w.-]{1,253}$/.test(text) ? text : "other";
}
