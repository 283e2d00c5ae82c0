/**
 * Which quotes are kept: every n-th, a row a second, changes only. What is written on the command line, and
 * the name under which such a table stands so that it never passes for the whole.
 *
 * | written | |
 * | --- | --- |
 * | `every:10` | the quotes 0, 10, 20 … of each symbol and day |
 * | `second:best` | the highest bid and the lowest ask of each second |
 * | `second:tightest` | the quote with the smallest spread of each second |
 * | `second:last` | the last quote of each second |
 * | `changes:price` | quotes whose prices are not those of the one before |
 * | `changes:full` | the same of prices and sizes |
 * | `changes:price,second:best` | changes first, then seconds of them |
 */

export interface Reduction {
  readonly every?: number;
  readonly changes?: 'price' | 'full';
  readonly second?: 'best' | 'tightest' | 'last';
}

const CHANGES = ['price', 'full'] as const;
const SECONDS = ['best', 'tightest', 'last'] as const;

/** Undefined where it is none, or keeps everything. */
export function parseReduction(text: string): Reduction | undefined {
  const every = /^every:([1-9]\d{0,8})$/.exec(text)?.[1];
  if (every !== undefined) return Number(every) > 1 ? { every: Number(every) } : undefined;
  const parts = text.split(',');
  const changes = CHANGES.find((mode) => parts[0] === `changes:${mode}`);
  if (changes !== undefined) parts.shift();
  const second = SECONDS.find((mode) => parts[0] === `second:${mode}`);
  if (second !== undefined) parts.shift();
  if (parts.length > 0 || (changes === undefined && second === undefined)) return undefined;
  return {
    ...(changes === undefined ? {} : { changes }),
    ...(second === undefined ? {} : { second }),
  };
}

/** As it is written on the command line. */
export function reductionText({ every, changes, second }: Reduction): string {
  return [
    ...(every === undefined ? [] : [`every:${every}`]),
    ...(changes === undefined ? [] : [`changes:${changes}`]),
    ...(second === undefined ? [] : [`second:${second}`]),
  ].join(',');
}

/** As part of a folder's name: `changes-price-second-best`. */
export function reductionName(reduction: Reduction): string {
  return reductionText(reduction).replaceAll(/[:,]/g, '-');
}

/** The way back; undefined for a name that no reduction has. */
export function reductionNamed(name: string): Reduction | undefined {
  const text = name
    .replaceAll(/(every|changes|second)-/g, '$1:')
    .replaceAll(/-(every|changes|second)/g, ',$1');
  const reduction = parseReduction(text);
  return reduction !== undefined && reductionName(reduction) === name ? reduction : undefined;
}

export const REDUCTIONS =
  'every:N, changes:price, changes:full, second:best, second:tightest, second:last, or changes and second: changes:price,second:best';
