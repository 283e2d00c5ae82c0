/** Rows in PostgreSQL's text format, taken apart into fields. */

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

/** Pushes the fields of `line`; null is null. */
export function pushFields(line: string, into: (string | null)[]): void {
  const isPlain = !line.includes('\\');
  for (const field of line.split('\t')) {
    if (isPlain || !field.includes('\\')) into.push(field);
    else if (field === '\\N') into.push(null);
    else into.push(field.replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped));
  }
}

/** The same text, cut where lines end. */
export async function* wholeLines(parts: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of parts) {
    const text = rest + decoder.decode(part, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (end > 0) yield text.slice(0, end);
  }
}
