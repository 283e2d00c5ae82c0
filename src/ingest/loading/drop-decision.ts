/**
 * Whether indexes are taken away for a load: it pays where they are made again in less time than they take to
 * be kept up, so where the load is large against the table. Pure.
 */

export const INDEX_WISHES = ['auto', 'keep', 'drop'] as const;
export type IndexWish = (typeof INDEX_WISHES)[number];

/** Below it, nobody notices. */
const MANY_ROWS = 100_000;
/** Of what the table has. */
const LARGE_PART = 0.5;

export interface DropFacts {
  readonly wish: IndexWish;
  readonly rowsThere: number;
  readonly rowsToLoad: number;
  /** Whether no row of the load can be there: to find one, the key's index is needed. */
  readonly isFresh: boolean;
}

export function dropsIndexes({ wish, rowsThere, rowsToLoad, isFresh }: DropFacts): boolean {
  if (wish === 'keep' || !isFresh || rowsToLoad === 0) return false;
  return wish === 'drop' || (rowsToLoad >= MANY_ROWS && rowsToLoad >= rowsThere * LARGE_PART);
}
