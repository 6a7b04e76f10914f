import type { Worker } from "node:cluster";

/**
 * Sees to it that no client waits for a worker that is gone. Node's primary hands a worker one connection after the other, and
 * closes its own end of one when the worker has taken it; of a worker that hangs and is ended it waits for that without end, and so
 * does the client. What is returned closes the connection that was handed over last; where the worker had taken it that is nothing.
 */
export function untakenConnection({ process: child }: Worker): () => void {
  let last: unknown;
  const { send } = child;
  // With all of its overloads.
  const noting = (...args: unknown[]): unknown => {
    if (isClosable(args[1])) [, last] = args;
    return Reflect.apply(send, child, args);
  };
  Object.defineProperty(child, "send", { value: noting, configurable: true, writable: true });
  return () => {
    if (isClosable(last)) last.close();
    last = undefined;
  };
}

function isClosable(value: unknown): value is { close(): void } {
  return typeof value === "object" && value !== null && "close" in value && typeof value.close === "function";
}
