export { fromByteString, toByteString } from "./byte-string.js";
export { compareBytes, sortedKeys } from "./order.js";
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
