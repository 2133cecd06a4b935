import { Buffer } from 'node:buffer';
import { TextDecoder } from 'trocar:encoding';

/** Decodes bytes that arrive in pieces. */
export class StringDecoder {
  #decoder;
  constructor(encoding = 'utf8') {
    this.encoding = encoding;
    if (/^utf-?8$|^utf-?16le$|^ucs-?2$/i.test(encoding))
      this.#decoder = new TextDecoder(/8/.test(encoding) ? 'utf-8' : 'utf-16le', { ignoreBOM: true });
  }
  write(bytes) {
    return this.#decoder === undefined
      ? Buffer.from(bytes).toString(this.encoding)
      : this.#decoder.decode(bytes, { stream: true });
  }
  end(bytes) {
    const text = bytes === undefined ? '' : this.write(bytes);
    return text + (this.#decoder?.decode() ?? '');
  }
}

export default { StringDecoder };
