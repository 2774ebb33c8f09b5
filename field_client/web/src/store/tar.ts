// A tar, piece by piece: names in ASCII, one file after the other (POSIX ustar).
//
// Long enough for what a rescue bundle holds. May not enter: what is packed, where it goes.

const BLOCK = 512;

type Bytes = Uint8Array<ArrayBuffer>;

/** What stands before a file of this name and length. */
export function tar_head(name: string, size: number): Bytes {
  const head = new Uint8Array(BLOCK);
  put(head, 0, name);
  put(head, 100, octal(0o600, 8));
  put(head, 108, octal(0, 8));
  put(head, 116, octal(0, 8));
  put(head, 124, octal(size, 12));
  put(head, 136, octal(0, 12));
  put(head, 148, " ".repeat(8)); // the checksum is made as if it were blank
  put(head, 156, "0");
  put(head, 257, "ustar\0" + "00");
  const sum = head.reduce((all, byte) => all + byte, 0);
  put(head, 148, `${octal(sum, 7)}\0 `);
  return head;
}

/** What follows a file of this length. */
export function tar_fill(size: number): Bytes {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}

/** What stands at the end of all. */
export function tar_end(): Bytes {
  return new Uint8Array(2 * BLOCK);
}

function put(head: Bytes, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) head[at + i] = text.charCodeAt(i);
}

function octal(value: number, width: number): string {
  const digits = value.toString(8).padStart(width - 1, "0");
  if (digits.length >= width) throw new RangeError(`${value} in ${width} octal digits`);
  return digits;
}
