import {
  type ClockReading,
  dayNames,
  dayOfDate,
  formatTime,
  type Moment,
  monthNames,
  readClock,
  type TimeZone,
  utc,
} from "../go/index.js";
import { GoFunction, GoScalar, GoStruct, int64, noField, type Value } from "../gotemplate/index.js";
import { GoDuration, nanosecondsPerSecond, saturated } from "./go-duration.js";
import { SprigError } from "./sprig-error.js";

/** A number that prints as its name: time.Month and time.Weekday. */
class NamedInteger extends GoScalar {
  constructor(
    type: string,
    number: number,
    private readonly text: string,
  ) {
    super("int", type, BigInt(number));
  }
  override toText(): string {
    return this.text;
  }
  override method(name: string): GoFunction | undefined {
    return name === "String" ? new GoFunction(name, "pure", [], false, () => this.text) : undefined;
  }
}

const secondsPerDay = 86400n;
/** The first of January of year 1, which Go's zero Time is. */
const zeroSeconds = -62135596800n;

/** A time.Time: a moment, and the zone it is shown in. */
export class GoTime extends GoStruct implements Moment {
  readonly kind = "struct";
  readonly type = "time.Time";

  constructor(
    /** Since 1970. */
    readonly seconds: bigint,
    /** Of the second, 0 to 999999999. */
    readonly nanosecond: number,
    readonly zone: TimeZone,
  ) {
    super();
  }

  /** Go's zero Time. */
  static zero(): GoTime {
    return new GoTime(zeroSeconds, 0, utc);
  }

  static ofMilliseconds(milliseconds: number): GoTime {
    const seconds = Math.floor(milliseconds / 1000);
    return new GoTime(BigInt(seconds), Math.floor((milliseconds - seconds * 1000) * 1e6), utc);
  }

  static ofNanoseconds(nanoseconds: bigint, zone: TimeZone): GoTime {
    const rest = BigInt.asUintN(
      64,
      ((nanoseconds % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond,
    );
    return new GoTime((nanoseconds - rest) / nanosecondsPerSecond, Number(rest), zone);
  }

  /** Since 1970; beyond 64 bits for far years. */
  get nanoseconds(): bigint {
    return this.seconds * nanosecondsPerSecond + BigInt(this.nanosecond);
  }

  in(zone: TimeZone): GoTime {
    return new GoTime(this.seconds, this.nanosecond, zone);
  }

  add(nanoseconds: bigint): GoTime {
    return GoTime.ofNanoseconds(this.nanoseconds + nanoseconds, this.zone);
  }

  read(): ClockReading {
    return readClock(this);
  }

  format(layout: string): string {
    return formatTime(this.read(), layout);
  }

  override toText(): string {
    return this.format("2006-01-02 15:04:05.999999999 -0700 MST");
  }

  toJSON(): Value {
    return this.format("2006-01-02T15:04:05.999999999Z07:00");
  }

  /** Names that no template can spell: they are there for comparison, since Go's fields are not exported. */
  fieldNames(): readonly string[] {
    return ["the moment", "the offset"];
  }

  field(name: string): Value | typeof noField {
    if (name === "the moment") return String(this.nanoseconds);
    return name === "the offset" ? this.zone.at(Number(this.seconds)).abbreviation : noField;
  }

  override method(name: string): GoFunction | undefined {
    return this.reader(name) ?? this.comparison(name) ?? this.change(name);
  }

  private reader(name: string): GoFunction | undefined {
    const readers: Readonly<Record<string, (clock: ClockReading) => Value>> = {
      Year: ({ year }) => BigInt(year),
      Month: ({ month }) => new NamedInteger("time.Month", month, monthNames[month - 1] ?? ""),
      Day: ({ day }) => BigInt(day),
      Hour: ({ hour }) => BigInt(hour),
      Minute: ({ minute }) => BigInt(minute),
      Second: ({ second }) => BigInt(second),
      Nanosecond: ({ nanosecond }) => BigInt(nanosecond),
      Weekday: ({ weekday }) => new NamedInteger("time.Weekday", weekday, dayNames[weekday] ?? ""),
      YearDay: ({ yearDay }) => BigInt(yearDay),
      Unix: () => int64(this.seconds),
      UnixMilli: () => int64(this.nanoseconds / 1_000_000n),
      UnixMicro: () => int64(this.nanoseconds / 1000n),
      UnixNano: () => int64(this.nanoseconds),
      IsZero: () => this.seconds === zeroSeconds && this.nanosecond === 0,
      String: () => this.toText(),
      UTC: () => this.in(utc),
      Local: () => this.in(utc),
    };
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    return read && new GoFunction(name, "pure", [], false, () => read(this.read()));
  }

  private comparison(name: string): GoFunction | undefined {
    const comparisons: Readonly<Record<string, (difference: bigint) => Value>> = {
      Before: (difference) => difference < 0n,
      After: (difference) => difference > 0n,
      Equal: (difference) => difference === 0n,
      Compare: (difference) => (difference < 0n ? -1n : difference > 0n ? 1n : 0n),
      Sub: (difference) => new GoDuration(saturated(difference)),
    };
    const compare = Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
    if (compare === undefined) return undefined;
    return new GoFunction(name, "pure", ["time.Time"], false, ([other]) => {
      if (other instanceof GoTime) return compare(this.nanoseconds - other.nanoseconds);
      throw new SprigError("argument", `${name} needs a time.Time`);
    });
  }

  private change(name: string): GoFunction | undefined {
    if (name === "Format") {
      return new GoFunction(name, "pure", ["string"], false, ([layout]) =>
        this.format(typeof layout === "string" ? layout : ""),
      );
    }
    if (name === "Add") {
      return new GoFunction(name, "pure", ["time.Duration"], false, ([duration]) => {
        return duration instanceof GoScalar && typeof duration.value === "bigint"
          ? this.add(duration.value)
          : this;
      });
    }
    if (name !== "AddDate") return undefined;
    return new GoFunction(name, "pure", ["int", "int", "int"], false, ([years, months, days]) => {
      return this.addDate(Number(years), Number(months), Number(days));
    });
  }

  /** Years, months and days are counted on by the calendar; the clock stays. */
  private addDate(years: number, months: number, days: number): GoTime {
    const { year, month, day } = this.read();
    const change = dayOfDate(year + years, month + months, day + days) - dayOfDate(year, month, day);
    if (!Number.isSafeInteger(change)) throw new SprigError("bounds", "AddDate leaves the range of dates");
    const moved = new GoTime(this.seconds + BigInt(change) * secondsPerDay, this.nanosecond, this.zone);
    const shift = this.zone.at(Number(this.seconds)).seconds - this.zone.at(Number(moved.seconds)).seconds;
    return new GoTime(moved.seconds + BigInt(shift), this.nanosecond, this.zone);
  }
}
