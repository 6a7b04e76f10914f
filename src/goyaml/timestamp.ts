const date = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const time =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)$/;

/** Whether go-yaml takes a text for a date or a time. It stays a text when read, but is put in quotes when written. */
export function isTimestamp(text: string): boolean {
  const match = date.exec(text) ?? time.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  const clock = match.slice(4).filter((part) => part !== undefined);
  const [hour = 0, minute = 0, second = 0] = clock.map(Number);
  // The calendar repeats every 400 years; this keeps clear of JavaScript's own idea of years below 100.
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay && hour < 24 && minute < 60 && second < 60;
}
