/** A text file of rows, a line a row, handed out so many lines at a time. */
import { partsOfFile } from '#platform/disk/read.js';

const NEWLINE = 10;

export interface LineReader {
  /** Lines that were taken or passed over. */
  readonly passed: number;
  /** Passes lines over; returns how many there were. */
  skip(lines: number): Promise<number>;
  /** The next so many lines, or those that are left, as they come. */
  take(lines: number): AsyncGenerator<Uint8Array, void>;
  isAtEnd(): Promise<boolean>;
  close(): Promise<void>;
}

/** Every line ends with a newline. Throws the disk's error. */
export function openLines(file: string): LineReader {
  const parts = partsOfFile(file);
  let rest: Uint8Array = new Uint8Array(0);
  let passed = 0;
  const isAtEnd = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const { value, done } = await parts.next();
      if (done === true) return true;
      rest = value;
    }
    return false;
  };
  async function* take(lines: number): AsyncGenerator<Uint8Array, void> {
    for (let left = lines; left > 0 && !(await isAtEnd()); ) {
      let [end, found] = [0, 0];
      while (found < left) {
        const next = rest.indexOf(NEWLINE, end);
        if (next < 0) break;
        end = next + 1;
        found++;
      }
      left -= found;
      passed += found;
      // The beginning of a line at the end of a part goes on in the next.
      const cut = left === 0 ? end : rest.length;
      const taken = rest.subarray(0, cut);
      rest = rest.subarray(cut);
      yield taken;
    }
  }
  return {
    get passed() {
      return passed;
    },
    take,
    isAtEnd,
    skip: async (lines) => {
      const before = passed;
      for await (const _ of take(lines));
      return passed - before;
    },
    close: async () => {
      await parts.return(undefined);
    },
  };
}
