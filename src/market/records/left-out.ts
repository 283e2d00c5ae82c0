/**
 * Records that are in the archive and in no series, by ticker and reason: never to be confused with a day on
 * which nothing was traded.
 */

export interface LeftOut {
  readonly ticker: string;
  /** 1-based line of the day's text: of the first of them. */
  readonly line: number;
  readonly reason: string;
  readonly records: number;
}

/** So many tickers and reasons of a day are kept. */
const MOST = 500;

/** `linesBefore`: by which the lines of `next` are to be moved. */
export function joinLeftOut(
  before: readonly LeftOut[],
  next: readonly LeftOut[],
  linesBefore: number,
): readonly LeftOut[] {
  if (next.length === 0) return before;
  const joined = [...before];
  for (const one of next) {
    const at = joined.findIndex(({ ticker, reason }) => ticker === one.ticker && reason === one.reason);
    const same = joined[at];
    if (same !== undefined) joined[at] = { ...same, records: same.records + one.records };
    else if (joined.length < MOST) joined.push({ ...one, line: one.line + linesBefore });
  }
  return joined;
}

/** Gathers those of one text. */
export function newLeftOut() {
  const found = new Map<string, { ticker: string; line: number; reason: string; records: number }>();
  return {
    /** `line` is asked for only where it is needed. */
    add: (ticker: string, reason: string, line: () => number): void => {
      const key = `${reason} ${ticker}`;
      const same = found.get(key);
      if (same !== undefined) same.records++;
      else if (found.size < MOST) found.set(key, { ticker, line: line(), reason, records: 1 });
    },
    all: (): readonly LeftOut[] => [...found.values()],
  };
}
