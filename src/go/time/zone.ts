import { zoneNames } from "./zone-names.generated.js";

/** The difference to UTC in seconds and its short name at some moment. */
export interface ZoneOffset {
  readonly seconds: number;
  readonly abbreviation: string;
}

/** A place's time, or a fixed difference to UTC. */
export interface TimeZone {
  at(unixSeconds: number): ZoneOffset;
}

/** Also Go's Local: what a template gives must not depend on where the program runs. */
export const utc: TimeZone = { at: () => ({ seconds: 0, abbreviation: "UTC" }) };

export function fixedZone(abbreviation: string, seconds: number): TimeZone {
  return { at: () => ({ seconds, abbreviation }) };
}

/** The zone of a name such as `Europe/Paris`, letter by letter; undefined when there is none. */
export function loadZone(name: string): TimeZone | undefined {
  if (name === "" || name === "UTC" || name === "Local") return utc;
  const names = abbreviations().get(name);
  if (names === undefined) return undefined;
  const known = zones.get(name) ?? makeZone(name, names);
  if (known !== undefined) zones.set(name, known);
  return known;
}

/** One formatter a zone: making one costs more than a thousand uses. There are at most as many as zones. */
const zones = new Map<string, TimeZone>();

function makeZone(name: string, names: ReadonlyMap<number, string>): TimeZone | undefined {
  const format = formatterOf(name);
  if (format === undefined) return undefined;
  return {
    at(unixSeconds) {
      const seconds = offsetAt(format, unixSeconds);
      return { seconds, abbreviation: names.get(seconds) ?? numericName(seconds) };
    },
  };
}

/** The program's Intl may know fewer zones than Go. */
function formatterOf(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  } catch {
    return undefined;
  }
}

/** The farthest moment that JavaScript's dates reach, in seconds. */
const farthest = 8.64e12;

function offsetAt(format: Intl.DateTimeFormat, unixSeconds: number): number {
  const date = new Date(Math.max(-farthest, Math.min(farthest, unixSeconds)) * 1000);
  const name = format.formatToParts(date).find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0", seconds = "0"] =
    /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(name) ?? [];
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" ? -offset : offset;
}

/** Zones without a name of letters are called by their difference, as `+03` or `+0545`. */
function numericName(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  const rest = minutes % 60 === 0 ? "" : String(minutes % 60).padStart(2, "0");
  return (seconds < 0 ? "-" : "+") + hours + rest;
}

let table: ReadonlyMap<string, ReadonlyMap<number, string>> | undefined;

/** The names of letters by difference, for each zone. Read from the table when first asked for. */
function abbreviations(): ReadonlyMap<string, ReadonlyMap<number, string>> {
  table ??= new Map(
    zoneNames.flatMap(([names, places]) => {
      const pairs = names === "" ? [] : names.split(" ").map((pair) => pair.split("=", 2));
      const byOffset = new Map(pairs.map(([name = "", seconds]) => [Number(seconds), name]));
      return places.split(" ").map((place): [string, ReadonlyMap<number, string>] => [place, byOffset]);
    }),
  );
  return table;
}
