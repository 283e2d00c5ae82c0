/**
 * Which tickers of the market are near one that nobody knows: other case, another way to write a class of
 * shares, a slip of the keys. Only for suggesting: nothing is ever fetched or written under a name that was
 * guessed.
 */

/**
 * The tickers of `market` that are near `ticker`, best first, at most `most`; none where none is. First those
 * that differ only in case, then those that differ in signs between the letters or in the prefix of a market
 * too (BRK.B for BRKB, brk-b and BRK/B; I:SPX for SPX), then by edits: one up to four letters, two from five
 * on. Of a word of up to three letters, nearly everything is one edit away, so the first letter has to stay,
 * or two to be swapped. Of those that are equally near, the ones in `favoured` come first, then swapped
 * letters.
 */
export function nearestTickers(
  ticker: string,
  market: Iterable<string>,
  most = 3,
  favoured: ReadonlySet<string> = NONE,
): readonly string[] {
  const wanted = ticker.toLowerCase();
  const bare = bareOf(ticker);
  if (bare === '') return [];
  const found: Near[] = [];
  for (const candidate of new Set(market)) {
    if (candidate === ticker) continue;
    const distance = distanceTo(wanted, bare, candidate);
    if (distance === undefined) continue;
    found.push({
      candidate,
      distance,
      isFavoured: favoured.has(candidate),
      isSwapped: sameLetters(bare, bareOf(candidate)),
      isPlain: !/[a-z]/.test(candidate) || /[a-z]/.test(ticker),
      kept: sharedEnds(wanted, candidate),
    });
  }
  return found
    .sort(byNearness)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

const NONE: ReadonlySet<string> = new Set();

interface Near {
  readonly candidate: string;
  /** 0: only case differs. 1: only signs too. Then 1 and the number of edits. */
  readonly distance: number;
  readonly isFavoured: boolean;
  readonly isSwapped: boolean;
  /** Small letters where none was typed are another class of shares. */
  readonly isPlain: boolean;
  /** Letters at the start and at the end that are the same. */
  readonly kept: number;
}

function byNearness(a: Near, b: Near): number {
  return (
    a.distance - b.distance ||
    Number(b.isFavoured) - Number(a.isFavoured) ||
    Number(b.isSwapped) - Number(a.isSwapped) ||
    Number(b.isPlain) - Number(a.isPlain) ||
    b.kept - a.kept ||
    (a.candidate < b.candidate ? -1 : Number(a !== b))
  );
}

function distanceTo(wanted: string, bare: string, candidate: string): number | undefined {
  // Long before anything is made of it: most candidates are too short or too long.
  const allowed = bare.length <= 1 ? 0 : bare.length <= 4 ? 1 : 2;
  if (Math.abs(candidate.length - bare.length) > allowed + MOST_SIGNS) return undefined;
  if (candidate.toLowerCase() === wanted) return 0;
  const other = bareOf(candidate);
  if (other === bare) return 1;
  if (other === '' || Math.abs(other.length - bare.length) > allowed) return undefined;
  const edits = editDistance(bare, other, allowed);
  if (edits > allowed) return undefined;
  if (bare.length <= 3 && other[0] !== bare[0] && !isSwap(bare, other)) return undefined;
  return 1 + edits;
}

/** A candidate may have so many signs besides its letters: `O:`, `X:BTC-USD`, `A.B.C`. */
const MOST_SIGNS = 4;

/** Letters and digits alone, in lower case, without the prefix of a market. */
function bareOf(ticker: string): string {
  return ticker
    .replace(/^[A-Z]:/, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function sameLetters(a: string, b: string): boolean {
  return a.length === b.length && [...a].sort().join('') === [...b].sort().join('');
}

function isSwap(a: string, b: string): boolean {
  return a.length === b.length && a[0] === b[1] && a[1] === b[0];
}

function sharedEnds(wanted: string, candidate: string): number {
  const other = candidate.toLowerCase();
  const most = Math.min(wanted.length, other.length);
  let start = 0;
  while (start < most && wanted[start] === other[start]) start++;
  let end = 0;
  while (start + end < most && wanted.at(-1 - end) === other.at(-1 - end)) end++;
  return start + end;
}

/**
 * Letters put in, left out, taken for another or swapped with the next (optimal string alignment); `most` + 1
 * where it is more.
 */
function editDistance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(before, j - 2) + 1);
      row.push(least);
    }
    if (Math.min(...row) > most && Math.min(...above) > most) return most + 1;
    before = above;
    above = row;
  }
  return at(above, b.length);
}

function at(row: readonly number[], j: number): number {
  return row[j] ?? Number.POSITIVE_INFINITY;
}
