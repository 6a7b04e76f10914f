/** What a layout element sees of a text it does not fit. */
export class TimeMismatch extends Error {}

/** A text that is read from its start on. */
export class TimeText {
  constructor(private left: string) {}

  /** What has not been read yet. */
  get rest(): string {
    return this.left;
  }

  /** Reads what the pattern finds at the start; throws a TimeMismatch when it finds nothing. */
  take(pattern: RegExp): string {
    const found = this.peek(pattern);
    if (found === undefined) throw new TimeMismatch();
    this.left = this.left.slice(found.length);
    return found;
  }

  /** Reads so many UTF-16 units, whatever they are; throws a TimeMismatch when there are less. */
  takeLength(length: number): string {
    if (this.left.length < length) throw new TimeMismatch();
    const taken = this.left.slice(0, length);
    this.left = this.left.slice(length);
    return taken;
  }

  peek(pattern: RegExp): string | undefined {
    const match = pattern.exec(this.left);
    return match?.index === 0 ? match[0] : undefined;
  }

  /** Reads one of these names, in letters of either case, and gives its position. */
  takeName(names: readonly string[]): number {
    const index = names.findIndex(
      (name) => this.left.slice(0, name.length).toLowerCase() === name.toLowerCase(),
    );
    if (index < 0) throw new TimeMismatch();
    this.left = this.left.slice(names[index]?.length);
    return index;
  }

  /**
   * Passes the literal text of a layout and tells whether it is there. Space in the layout stands for any
   * amount of space, but for some unless the text is at its end.
   */
  skip(literal: string): boolean {
    let expected = literal;
    while (expected !== "") {
      if (expected.startsWith(" ")) {
        if (this.left !== "" && !this.left.startsWith(" ")) return false;
        expected = expected.replace(/^ +/, "");
        this.left = this.left.replace(/^ +/, "");
      } else {
        if (this.left.charAt(0) !== expected.charAt(0)) return false;
        expected = expected.slice(1);
        this.left = this.left.slice(1);
      }
    }
    return true;
  }
}
