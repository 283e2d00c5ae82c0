/** What the lines of a series are that holds several a day: a header, and at the head of each line its day. */
export interface LineShape {
  /** The first is `Date` or `Datetime`, in whatever place it stands in other hands' files. */
  readonly columns: readonly string[];
  /**
   * IANA name: each line begins with a local date-time of that zone (local-stamps.ts), no two with the same, ascending. Undefined: each
   * begins with a day alone, and the order of a day's lines is theirs.
   */
  readonly timeZone: string | undefined;
  /**
   * Trades and quotes: stamps to the nanosecond, always with nine digits behind the point; lines that share one all stay, in their order.
   */
  readonly ticks: boolean;
}

/** The columns whose text is a number; others are kept letter by letter. */
const NUMBERS: ReadonlySet<string> = new Set([
  'Open',
  'High',
  'Low',
  'Close',
  'Volume',
  'Strike',
  'Transactions',
]);

export function isNumberColumn(column: string): boolean {
  return NUMBERS.has(column);
}

export function headerOf({ columns }: LineShape): string {
  return `${columns.join(',')}\n`;
}
