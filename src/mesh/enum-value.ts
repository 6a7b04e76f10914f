/** A value of an enum. Values that the enum names exist once, so `===` compares them. */
export class EnumValue {
  constructor(
    readonly schema: EnumSchema,
    readonly number: number,
    /** Undefined for a number that the enum does not name. */
    readonly name: string | undefined,
  ) {}

  /** What Go's `String` gives: the name, or the number where there is no name. */
  toString(): string {
    return this.name ?? String(this.number);
  }
}

/** An enum type. */
export interface EnumSchema {
  /** `istio.mesh.v1alpha1.ProxyConfig.InboundInterceptionMode` */
  readonly name: string;
  /** `v1alpha1.ProxyConfig_InboundInterceptionMode` */
  readonly goType: string;
  readonly zero: EnumValue;
  readonly byName: ReadonlyMap<string, EnumValue>;
  /** The value of a number; one that the enum does not name is a value all the same. */
  value(number: number): EnumValue;
}
