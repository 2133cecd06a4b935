/** What comes out of a {@link createLineSplitter}. */
export interface LineListener {
  /** One line without its end, decoded as UTF-8; invalid bytes become U+FFFD. */
  line(text: string): void;
  /** A line was longer than allowed. It was dropped while it came in, and this is said once, at its end. */
  tooLong(): void;
}

const newline = 0x0a;

/** Cuts a byte stream at newlines and never keeps more than `maxLineBytes` of it. */
export function createLineSplitter(maxLineBytes: number, listener: LineListener): { push(chunk: Buffer): void } {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let isDropping = false;

  const keep = (part: Buffer) => {
    if (isDropping) return;
    if (keptBytes + part.length > maxLineBytes) {
      isDropping = true;
      kept = [];
      keptBytes = 0;
      return;
    }
    kept.push(part);
    keptBytes += part.length;
  };
  const finish = () => {
    const text = Buffer.concat(kept).toString('utf8');
    const wasDropping = isDropping;
    kept = [];
    keptBytes = 0;
    isDropping = false;
    if (wasDropping) listener.tooLong();
    else listener.line(text);
  };

  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        keep(chunk.subarray(start, end));
        finish();
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
  };
}
