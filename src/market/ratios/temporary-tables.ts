/** What the steps of SQL share: temporary tables, and periods that are found by about how long ago they ended. */

export function temporary(name: string, select: string): string {
  return `CREATE OR REPLACE TEMP TABLE ${name} AS ${select}`;
}

/** A quarter's length in days: what is at most that far from a day is in its bucket, or in one beside it. */
const BUCKET = 91;

/** `day`: an expression of a date. */
export function bucketOf(day: string): string {
  return `((${day}) - DATE '1970-01-01') // ${BUCKET}`;
}

/** Periods under their own bucket and both beside it: then an equal join finds all that are near. */
export function bucketsSql(of: string): string {
  return `(SELECT *, ${bucketOf('period_end')} + unnest([-1, 0, 1]) AS bucket FROM ${of})`;
}
