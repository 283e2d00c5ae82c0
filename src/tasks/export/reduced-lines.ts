/**
 * Lines of quotes of which a reduction keeps some. A second's line begins with the second; the quote's own moment
 * stays in its sip_timestamp. A second's best bid and ask may be two quotes': what only one of them could say
 * (conditions, sequence number) is empty then.
 */
import type { SeriesForm } from '#market/datasets/series-form.js';
import { type Kept, newReducer, type Sides } from '#market/quotes/reduce.js';
import type { Reduction } from '#market/quotes/reduction.js';
import type { DatedLine } from './line.js';

interface QuoteLine extends Sides {
  readonly line: DatedLine;
  readonly cells: readonly string[];
}

/** Columns of one side, as the vendor names them. */
const BID = ['bid_exchange', 'bid_price', 'bid_size'];
const ASK = ['ask_exchange', 'ask_price', 'ask_size'];

/** Whether lines of this form can be reduced. */
export function isQuotes({ values }: Pick<SeriesForm, 'values'>): boolean {
  return values !== 'bar' && [...BID, ...ASK, 'sip_timestamp'].every((name) => values.includes(name));
}

/** `drop` is told, in sum, how many more lines there were than are kept. */
export function* reducedLines(
  lines: Iterable<DatedLine>,
  { form, reduction }: { readonly form: SeriesForm; readonly reduction: Reduction },
  drop: (lines: number) => void,
): Generator<DatedLine> {
  const names = form.values === 'bar' ? [] : form.values;
  const at = new Map(names.map((name, i) => [name, i]));
  const cell = (cells: readonly string[], name: string): string => cells[at.get(name) ?? -1] ?? '';
  const number = (cells: readonly string[], name: string): number | null =>
    cell(cells, name) === '' ? null : Number(cell(cells, name));
  const best = ({ second, bid, ask }: Kept<QuoteLine>, line: DatedLine): string =>
    names
      .map((name) => {
        const side = BID.includes(name) ? bid : ASK.includes(name) ? ask : undefined;
        if (BID.includes(name) || ASK.includes(name))
          return side === undefined ? '0' : cell(side.cells, name);
        if (name === 'sip_timestamp') return `${second}000000000`;
        return name === 'tape' ? cell(cellsOf(line.values), name) : '';
      })
      .join(',');
  const lineOf = (kept: Kept<QuoteLine>): DatedLine | undefined => {
    const line = (kept.bid ?? kept.ask)?.line;
    if (line === undefined || kept.second === undefined) return line;
    const values = reduction.second === 'best' ? best(kept, line) : line.values;
    return { stamp: line.stamp.replace(/\.\d+/, ''), day: line.day, values };
  };

  function* keep(kept: Kept<QuoteLine> | undefined): Generator<DatedLine> {
    const made = kept && lineOf(kept);
    if (made === undefined) return;
    drop(-1);
    yield made;
  }

  let day = '';
  let reducer = newReducer<QuoteLine>(reduction);
  for (const line of lines) {
    if (line.day !== day) {
      yield* keep(reducer.end());
      reducer = newReducer<QuoteLine>(reduction);
      day = line.day;
    }
    const cells = cellsOf(line.values);
    const quote = {
      line,
      cells,
      bidPrice: number(cells, 'bid_price'),
      bidSize: number(cells, 'bid_size'),
      askPrice: number(cells, 'ask_price'),
      askSize: number(cells, 'ask_size'),
    };
    drop(1);
    yield* keep(reducer.take(quote, Number(cell(cells, 'sip_timestamp').slice(0, -9))));
  }
  yield* keep(reducer.end());
}

function cellsOf(values: string): readonly string[] {
  if (!values.includes('"')) return values.split(',');
  return Array.from(`,${values}`.matchAll(/,("(?:[^"]|"")*"|[^,]*)/g), ([, text = '']) => text);
}
