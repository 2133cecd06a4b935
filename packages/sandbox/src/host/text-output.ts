const longestOutput = 1024 * 1024;

/** Collects what a guest prints, up to 1 MiB of characters; what follows is dropped, and the text says so. */
export class TextOutput {
  #parts: string[] = [];
  #length = 0;
  #cut = false;

  write(text: string): void {
    if (this.#cut) return;
    const room = longestOutput - this.#length;
    if (text.length > room) {
      this.#parts.push(text.slice(0, room), '\n[output cut after 1 MiB]\n');
      this.#cut = true;
      return;
    }
    this.#parts.push(text);
    this.#length += text.length;
  }

  toString(): string {
    return this.#parts.join('').toWellFormed();
  }
}
