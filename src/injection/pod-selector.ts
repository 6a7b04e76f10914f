/** A label selector of the inject config, ready to be asked. */
export interface PodSelector {
  /** The selector as people write it, such as `app in (a, b)`. */
  readonly text: string;
  matches(labels: Readonly<Record<string, string>>): boolean;
}
