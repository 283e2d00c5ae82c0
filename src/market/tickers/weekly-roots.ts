/**
 * Index options whose weeklies and dailies, most of the volume, have a root of their own (Cboe's and Nasdaq's
 * contract specifications).
 */
const WEEKLY_ROOTS: ReadonlyMap<string, string> = new Map([
  ['O:SPX', 'O:SPXW'],
  ['O:NDX', 'O:NDXP'],
  ['O:RUT', 'O:RUTW'],
  ['O:VIX', 'O:VIXW'],
]);

/** Of underlyings those whose weeklies are not among them: `{ 'O:SPX': 'O:SPXW' }`. */
export function weekliesBeside(underlyings: readonly string[]): Readonly<Record<string, string>> {
  const named = new Set(underlyings);
  return Object.fromEntries(
    [...WEEKLY_ROOTS].filter(([root, weekly]) => named.has(root) && !named.has(weekly)),
  );
}
