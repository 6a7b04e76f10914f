const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)$/;

/** A time as Kubernetes prints it: RFC 3339 in UTC, whole seconds. Undefined when the text is no such time. */
export function canonicalTime(text: string): string | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, zone = ""] = match;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const local = new Date(`${written}Z`);
  // Date turns 30 February into March; a time that does not print as it was written is not one.
  if (Number.isNaN(local.getTime()) || local.toISOString().slice(0, written.length) !== written)
    return undefined;
  const offset = zone === "Z" ? 0 : zoneMinutes(zone);
  if (offset === undefined) return undefined;
  const utc = new Date(local.getTime() - offset * 60_000);
  return `${utc.toISOString().slice(0, written.length)}Z`;
}

function zoneMinutes(zone: string): number | undefined {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 24 || minutes > 60) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
