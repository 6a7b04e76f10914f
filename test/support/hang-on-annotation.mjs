// Loaded before the program under test with `node --import`: makes a review whose pod has the annotation `test/hang` hang. It
// stands in for a fault that nobody knows of: Pillion's own code is as it is.
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  const { hasOwn } = Object;
  Object.hasOwn = (object, key) => {
    const how = key === "metadata" ? object.metadata?.annotations?.["test/hang"] : undefined;
    // A loop that computes, or a wait that does not.
    if (how === "compute") for (;;);
    if (how === "wait") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return hasOwn(object, key);
  };
}
