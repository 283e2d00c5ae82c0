/**
 * What is derived from bars, as data: a name, the SQL that makes it, and what it is in words. `lag` columns
 * are made first, formulas of one row from them, then sums over rows, then formulas of these. A window is of
 * one ticker's own rows in the order of their days, whatever files they lie in.
 */

export interface Formula {
  readonly name: string;
  /** Of the columns of a bar and those that come before it in the set. */
  readonly sql: string;
  /** For people; undefined for what only others are made of, whose name begins with `_`. */
  readonly text?: string;
}

export interface FeatureSet {
  /** Raises when a formula changes: everything is built again then. */
  readonly version: number;
  /** Calendar days before a row that its features may look at; 0: only its own day. */
  readonly lookBack: number;
  /** Columns of bronze that are carried along. */
  readonly keys: readonly string[];
  /**
   * Each step may name what the steps before it made. Windows are called `t` (all rows before), and are
   * ordered.
   */
  readonly steps: readonly (readonly Formula[])[];
  /** Whether the rows it is made of have `_f`, the share basis of their day. */
  readonly comparesShares?: true;
  /** `partition by` of the window. */
  readonly by: readonly string[];
}

/** Those that people see, in order. */
export function featuresOf({ steps }: FeatureSet): readonly Formula[] {
  return steps.flat().filter(({ text }) => text !== undefined);
}

/**
 * The query that makes the features of the rows of `source` for which `where` holds; `source`: a table
 * expression with the columns of bronze.
 */
export function featureQuery(set: FeatureSet, source: string, where: string): string {
  const window = `WINDOW t AS (PARTITION BY ${set.by.join(', ')} ORDER BY date, ts_ns)`;
  const inner = set.steps.reduce(
    (from, step) =>
      `(SELECT *, ${step.map(({ name, sql }) => `${sql} AS ${name}`).join(', ')} FROM ${from} ${window})`,
    source,
  );
  const names = [...set.keys, ...featuresOf(set).map(({ name }) => name)];
  return `SELECT ${names.join(', ')} FROM ${inner} WHERE ${where}`;
}
