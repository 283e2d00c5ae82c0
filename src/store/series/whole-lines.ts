/** A file's lines as they are read part by part: what is not a whole line yet waits for the next part. */
import { lastRecordStart } from '#market/records/record-ends.js';

export interface LineCutter {
  /** The whole lines, with what waited in front of them. */
  push(part: Uint8Array): Buffer;
  /** What still waits at the end of the file. */
  rest(): Buffer;
}

/** A line break within quotes ends no line. */
export function newLineCutter(): LineCutter {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push: (part) => {
      const text = Buffer.concat([rest, part]);
      const cut = Math.max(0, lastRecordStart(text, 0, text.length));
      rest = text.subarray(cut);
      return text.subarray(0, cut);
    },
    rest: () => rest,
  };
}
