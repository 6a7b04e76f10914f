import type { MessageTable } from "./message-table.js";

/** The messages of protobuf itself that have their own JSON form. */
export const wellKnownTable: MessageTable = {
  package: "google.protobuf",
  messages: {
    Duration: {
      seconds: "int64",
      nanos: "int32",
    },
    Int32Value: {
      value: "int32",
    },
    Int64Value: {
      value: "int64",
    },
    BoolValue: {
      value: "bool",
    },
    UInt32Value: {
      value: "uint32",
    },
    Struct: {
      fields: "map Value",
    },
    Value: {
      kind: {
        oneof: {
          null_value: "NullValue",
          number_value: "double",
          string_value: "string",
          bool_value: "bool",
          struct_value: "Struct",
          list_value: "ListValue",
        },
      },
    },
    ListValue: {
      values: "repeated Value",
    },
  },
  enums: {
    NullValue: { NULL_VALUE: 0 },
  },
};
