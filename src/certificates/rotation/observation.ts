/** What one replica knows of the world at one moment. The driver fills it in; the protocol only reads it. */
export interface RotationObservation {
  /** The wall clock, milliseconds since 1970. Trusted only while the API server has told no time. */
  readonly wall: number;
  /** A clock that never jumps, milliseconds from any start (`performance.now()`). */
  readonly monotonic: number;
  /** The newest time that an API server told (`Date` of any answer). Undefined when none was told yet. */
  readonly serverTime?: ServerTime | undefined;
  /** Whether this replica holds the Lease. Two may believe it at once: resourceVersions keep that harmless. */
  readonly leader: boolean;
  /** The Secret as last read; undefined until the first read succeeded. What was known stays when a read fails. */
  readonly secret: SecretObservation | undefined;
  /** The own entries as last read; undefined until the first read succeeded, empty when there are none. */
  readonly webhooks: WebhooksObservation | undefined;
}

/** A time that an API server told. */
export interface ServerTime {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The own monotonic clock when the answer came. */
  readonly monotonic: number;
}

/** When something that was read was surely current. */
export interface Read {
  /**
   * The own monotonic clock when the request was SENT that returned this or confirmed it (a GET or list without
   * resourceVersion). An event of a watch changes the content and leaves this as it was.
   */
  readonly currentAt: number;
}

/** The Secret: there, or not. */
export interface SecretObservation extends Read {
  /** Undefined when the Secret does not exist. */
  readonly found: StoredSecret | undefined;
}

/** A Secret that exists. */
export interface StoredSecret {
  readonly resourceVersion: string;
  /** Decoded from base64 to text. */
  readonly data: SecretContent;
}

/** `data` of the Secret by key, as text. */
export type SecretContent = Readonly<Record<string, string>>;

/** The MutatingWebhookConfigurations that have own entries. */
export interface WebhooksObservation extends Read {
  readonly configurations: readonly ObservedConfiguration[];
}

/** A MutatingWebhookConfiguration with its own entries, and only those. */
export interface ObservedConfiguration {
  readonly name: string;
  readonly resourceVersion: string;
  readonly entries: readonly ObservedEntry[];
}

/** An own entry as read back. */
export interface ObservedEntry {
  readonly name: string;
  /** Decoded from base64; empty when the entry has none. */
  readonly caBundle: string;
}
