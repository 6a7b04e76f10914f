import { type ElementValue, type FieldValue, isList, isMap, Message } from "../../mesh/index.js";

/** What takes the place of the texts of a message. */
export interface MessageTexts {
  readonly text: (text: string) => string;
  readonly key: (key: string, index: number) => string;
}

/** A message with its texts replaced; those of enums, numbers and durations are none. */
export function replaceMessageTexts(message: Message, texts: MessageTexts): Message {
  const element = (value: ElementValue): ElementValue => {
    if (typeof value === "string") return texts.text(value);
    return value instanceof Message ? replaceMessageTexts(value, texts) : value;
  };
  const field = (value: FieldValue): FieldValue => {
    if (isMap(value))
      return new Map([...value].map(([key, item], index) => [texts.key(key, index), element(item)]));
    return isList(value) ? value.map(element) : element(value);
  };
  const changes = [...message.entries()].map(([{ jsonName }, value]) => [jsonName, field(value)] as const);
  return message.withAll(changes);
}

/** All texts and keys of a message. */
export function textsOfMessage(message: Message): ReadonlySet<string> {
  const texts = new Set<string>();
  const note = (text: string) => {
    texts.add(text);
    return text;
  };
  replaceMessageTexts(message, { text: note, key: note });
  return texts;
}
