/**
 * An instrument as a broker lists it, and a price file as the archive holds it: what matching brings
 * together.
 */

/** A row of a broker's list. Every text is as the list has it, trimmed; what the list lacks is ''. */
export interface Instrument {
  readonly symbol: string;
  readonly isin: string;
  readonly market: string;
  readonly name: string;
  readonly currency: string;
  /** The list's file name. */
  readonly sourceFile: string;
}

/** A price file of the archive. */
export interface IndexEntry {
  /** Upper case: `BRK-B.US`, and `KGH` for a Polish share. */
  readonly ticker: string;
  /** From the archive's root, with `/`. */
  readonly path: string;
  /** `us`, `uk`, `pl`, …, `world`, `macro`. */
  readonly region: string;
  /** `nasdaq stocks/1`. */
  readonly category: string;
}

/** What is amiss in a list. */
export interface ListProblem {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** Whether instruments are lacking because of it, and the list has to be mended. */
  readonly isLoss: boolean;
}
