/**
 * Whether the numbers of a day's text are the same once they are doubles: each, printed shortest, is the
 * vendor's decimal again. A decimal of at most 15 digits always is; only longer ones are printed and
 * compared, and what is no number at all is taken out and told.
 */
import { kernel } from '#platform/wasm/kernel.js';
import { isDecimal, plainDecimal } from './decimal.js';

/** Where the columns stand that matter; a set has a bit a column. */
export interface NumberColumns {
  readonly names: readonly string[];
  readonly decimals: bigint;
  readonly wholes: bigint;
  readonly ticker: number;
  /** -1 where the file has none. */
  readonly stamp: number;
}

export interface LossyNumber {
  readonly ticker: string;
  readonly column: string;
  /** As the vendor wrote it. */
  readonly text: string;
}

export interface NumberProof {
  /** Lines with as many fields as the header. */
  readonly rows: number;
  /** Lines of another width, which are no records. */
  readonly leftOut: number;
  /** Numbers that a double changes, or that are none; the first of them. */
  readonly lossy: number;
  readonly examples: readonly LossyNumber[];
  /** Whether the rows ascend by ticker bytes and, of one ticker, by moment. */
  readonly ordered: boolean;
}

export interface NumberProver {
  /** Whole lines; returns them as a database can read them, nearly always as they are. */
  prove(text: Uint8Array): readonly Uint8Array[];
  result(): NumberProof;
}

const EXAMPLES = 5;
const NEWLINE = 10;

/** One at a time: the order of the lines is kept in the kernel. */
export function newNumberProver(columns: NumberColumns): NumberProver {
  const { text: memory, beginProof, proveNumbers, provedBytes, ...scanned } = kernel();
  const { names, decimals, wholes, ticker, stamp } = columns;
  let [leftOut, lossy] = [0, 0];
  const examples: LossyNumber[] = [];
  beginProof();

  /** What to write in the field's place; undefined: as it is. */
  const judge = (column: number, field: string, line: () => string): string | undefined => {
    const text = field.startsWith('"') ? field.slice(1, -1) : field;
    const isWhole = ((wholes >> BigInt(column)) & 1n) === 1n;
    const verdict = isWhole ? judgeWhole(text) : judgeDecimal(text);
    if (verdict === 'same') return undefined;
    if (typeof verdict === 'object') return verdict.write;
    lossy++;
    if (examples.length < EXAMPLES)
      examples.push({
        ticker: line().split(',')[ticker]?.replaceAll('"', '') ?? '',
        column: names[column] ?? '',
        text,
      });
    return verdict === 'none' ? '' : undefined;
  };

  const repaired = (part: Uint8Array, found: number): readonly Uint8Array[] => {
    const parts: Uint8Array[] = [];
    let at = 0;
    for (let i = 0; i < found; i++) {
      const column = scanned.recordStarts[i] as number;
      const start = scanned.tickerStarts[i] as number;
      const end = scanned.tickerEnds[i] as number;
      if (column === -1) {
        if (end > start) leftOut++;
        parts.push(part.slice(at, start));
        at = part.indexOf(NEWLINE, end) + 1;
        continue;
      }
      // Of a line that is left out as a whole, nothing else is told.
      if (start < at) continue;
      const instead = judge(column, textOf(part, start, end), () => {
        const from = part.lastIndexOf(NEWLINE, start) + 1;
        return textOf(part, from, part.indexOf(NEWLINE, start));
      });
      if (instead === undefined) continue;
      parts.push(part.slice(at, start), Buffer.from(instead));
      at = end;
    }
    parts.push(part.slice(at));
    return parts;
  };

  return {
    prove: (given) => {
      const text = given.at(-1) === NEWLINE ? given : Buffer.concat([given, Buffer.of(NEWLINE)]);
      const parts: Uint8Array[] = [];
      for (let at = 0; at < text.length; ) {
        const part = text.subarray(at, at + memory.length);
        memory.set(part);
        const found = proveNumbers(part.length, names.length, decimals, wholes, ticker, stamp);
        const taken = provedBytes();
        if (taken === 0) throw new RangeError(`a line has more than ${memory.length} bytes`);
        const lines = text.subarray(at, at + taken);
        if (found === 0) parts.push(lines);
        else parts.push(...repaired(lines, found));
        at += taken;
      }
      return parts;
    },
    result: () => ({
      rows: scanned.provedLines(),
      leftOut,
      lossy,
      examples,
      ordered: Boolean(scanned.areOrdered()),
    }),
  };
}

type Verdict = 'same' | 'changed' | 'none' | { readonly write: string };

function judgeDecimal(text: string): Verdict {
  const positive = text.replace(/^-/, '');
  if (text === '') return 'same';
  const digits = digitsOf(positive);
  const double = Number(positive);
  if (digits === undefined || !Number.isFinite(double)) return 'none';
  return digits === digitsOf(String(double)) ? 'same' : 'changed';
}

const NUMBER = /^(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;

/**
 * The digits that count and the power of ten behind them, the same for every way to write a number: a double
 * reaches exponents whose zeros nobody wants to write. Undefined for what is no number.
 */
function digitsOf(text: string): string | undefined {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const digits = whole + fraction;
  if (digits === '') return undefined;
  let [start, end] = [0, digits.length];
  while (digits[start] === '0') start++;
  if (start === end) return '0';
  while (digits[end - 1] === '0') end--;
  return `${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}

const MOST = 2n ** 63n - 1n;

/** `12.0` counts; what does not fit 64 bits does not. */
function judgeWhole(text: string): Verdict {
  if (text === '') return 'same';
  const positive = text.replace(/^-/, '');
  if (!isDecimal(positive)) return 'none';
  const plain = plainDecimal(positive);
  if (plain.includes('.') || BigInt(plain) > MOST) return 'none';
  return { write: text.startsWith('-') ? `-${plain}` : plain };
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}
