// Loaded before a program (`node --import`) that a test watches from outside: on a message it collects garbage and tells
// what is left. Needs --expose-gc.

process.on("message", (message) => {
  if (message !== "measure") return;
  for (let turn = 0; turn < 3; turn++) globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  process.send({ heapUsed, rss });
});
// The program ends when it is done, watched or not.
process.channel?.unref();
