/** A place in a text: line and column count from 1, the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets of line starts; `\n`, `\r\n` and a lone `\r` end a line. */
export class LineIndex {
  readonly #starts: Uint32Array;

  constructor(text: string) {
    const starts: number[] = [0];
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
    }
    this.#starts = Uint32Array.from(starts);
  }

  /** Number of lines; an empty text has one. */
  get lineCount(): number {
    return this.#starts.length;
  }

  /** Offset of the first character of a line counted from 1; the nearest line where there is no such line. */
  startOfLine(line: number): number {
    const index = Math.min(Math.max(line, 1), this.#starts.length) - 1;
    return this.#starts[index] as number;
  }

  /** Line and column of a UTF-16 offset. */
  positionAt(offset: number): Position {
    const line = this.lineAt(offset);
    return { line, column: offset - this.startOfLine(line) + 1 };
  }

  /** Line, counted from 1, that holds a UTF-16 offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}
