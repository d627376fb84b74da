const newline = 0x0a;

/** A line's bytes, without its end; null where it is longer than the limit: nothing of it was kept. */
export interface Line {
  readonly bytes: Buffer | null;
  /** How long the line is in the file. */
  readonly length: number;
}

/**
 * Cuts bytes into lines and holds at most `limit` bytes of one: readline would gather a file without line ends until
 * no string can hold it, and end the process.
 */
export async function* boundedLines(chunks: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): void => {
    length += part.length;
    if (length <= limit) parts.push(part);
    else parts = [];
  };
  const take = (): Line => {
    const line = { bytes: length > limit ? null : Buffer.concat(parts), length };
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      yield take();
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}
