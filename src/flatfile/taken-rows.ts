/**
 * The bars taken out of one day: tickers and their series values, packed in one buffer so that a whole market costs half a megabyte
 * and crosses from a worker thread without copying.
 */
import { type DayIndex, findTicker, inOrder, lastBar, tickerGroups, tickerOf } from './day-index.js';

export interface TakenRows {
  /** Ticker and values (`Open,High,Low,Close,Volume`) of each row, one behind the other, UTF-8; ascending by ticker bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Row i: the ticker ends at `ends[2 * i]`, the values end at `ends[2 * i + 1]`. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

export const NO_ROWS: TakenRows = { bytes: new Uint8Array(0), ends: new Uint32Array(0) };

/**
 * The bars of the wanted tickers, or of every ticker. Of several bars of one ticker the last is kept.
 * `wanted`: UTF-8, ascending by bytes, so that the rows are.
 */
export function takeBars(index: DayIndex, wanted: readonly Uint8Array[] | '*'): TakenRows {
  const packer = newPacker();
  if (wanted === '*') {
    for (const { from, to } of tickerGroups(index)) {
      const { values } = lastBar(index, from, to);
      if (values !== undefined) packer.add(tickerOf(index, inOrder(index, from)), values);
    }
  } else {
    for (const ticker of wanted) {
      const { from, to } = findTicker(index, ticker);
      const { values } = lastBar(index, from, to);
      if (values !== undefined) packer.add(ticker, values);
    }
  }
  return packer.finish();
}

export function newPacker() {
  let bytes = Buffer.from(new ArrayBuffer(1 << 12));
  let ends = new Uint32Array(128);
  let length = 0;
  let rows = 0;
  const room = (more: number): void => {
    if (length + more > bytes.length) {
      const larger = Buffer.from(new ArrayBuffer(Math.max(bytes.length * 2, length + more)));
      larger.set(bytes);
      bytes = larger;
    }
  };
  return {
    add(ticker: Uint8Array | string, values: string): void {
      room(ticker.length * 3 + values.length);
      if (typeof ticker === 'string') length += bytes.write(ticker, length);
      else {
        bytes.set(ticker, length);
        length += ticker.length;
      }
      const tickerEnd = length;
      length += bytes.write(values, length, 'latin1');
      if (2 * rows + 2 > ends.length) {
        const larger = new Uint32Array(ends.length * 2);
        larger.set(ends);
        ends = larger;
      }
      ends[2 * rows] = tickerEnd;
      ends[2 * rows + 1] = length;
      rows++;
    },
    finish: (): TakenRows => ({
      bytes: new Uint8Array(bytes.buffer.slice(0, length)),
      ends: ends.slice(0, 2 * rows),
    }),
  };
}

export function rowCount(rows: TakenRows): number {
  return rows.ends.length / 2;
}

export function rowTicker(rows: TakenRows, i: number): string {
  return text(rows.bytes, i === 0 ? 0 : (rows.ends[2 * i - 1] as number), rows.ends[2 * i] as number);
}

export function rowValues(rows: TakenRows, i: number): string {
  return text(rows.bytes, rows.ends[2 * i] as number, rows.ends[2 * i + 1] as number);
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', start, end);
}
