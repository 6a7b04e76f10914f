export { fromByteString, toByteString } from "./byte-string.js";
export { GoError, type GoErrorCode } from "./go-error.js";
export { goJson, goJsonString } from "./json.js";
export { addressBits, formatAddress, parseAddress } from "./netip/address.js";
export {
  formatPrefix,
  isLoopback,
  networkOf,
  type Prefix,
  parsePrefix,
  prefixContains,
  prefixFault,
  prefixOf,
} from "./netip/prefix.js";
export type { Address } from "./netip/read-address.js";
export { compareBytes, sortedKeys } from "./order.js";
export { type FloatBits, type FloatVerb, formatFloat } from "./strconv/format-float.js";
export { parseGoBool } from "./strconv/parse-bool.js";
export { parseFloat64 } from "./strconv/parse-float.js";
export { type ParsedInteger, parseInteger, parseUint, parseUnsigned } from "./strconv/parse-integer.js";
export { isPrint } from "./strconv/printable.js";
export { canBackquote, goQuote, quoteRune, quoteToAscii } from "./strconv/quote.js";
export { quoteExcerpt } from "./strconv/quote-excerpt.js";
export { unquote, unquoteCharacter } from "./strconv/unquote.js";
export { trim, trimLeft, trimRight } from "./strings/trim.js";
export { dayOfDate } from "./time/calendar.js";
export { type ClockReading, dayNames, type Moment, monthNames, readClock } from "./time/clock-reading.js";
export { formatGoDuration, parseGoDuration } from "./time/duration.js";
export { formatTime } from "./time/format.js";
export { parseTime } from "./time/parse.js";
export { loadZone, type TimeZone, utc } from "./time/zone.js";
export {
  byteLength,
  decodeUtf8,
  encodeUtf8,
  hasRawBytes,
  isAscii,
  isRawByte,
  joinRawBytes,
  rawByte,
  runeError,
} from "./utf8.js";
