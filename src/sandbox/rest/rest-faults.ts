/** Which faults of the wire a REST answer can have, and how those of lists look in its pages. */
import type { Ability, FaultHit, FaultKind } from '#sandbox/faults/faults.js';
import type { Place } from './cursor.js';
import type { Page } from './page.js';

const KINDS: ReadonlySet<FaultKind> = new Set<FaultKind>([
  ...(['reset', 'fin', 'cut', 'close-cut', 'hang-up', 'stall', 'stall-head', 'drip', 'endless'] as const),
  ...(['garbled', 'bare', 'slowdown503', 'slowdown503-retry-after', 'slowdown503-date'] as const),
  ...(['slowdown503-nonsense', 'slowdown503-tomorrow', 'error500', 'gateway502', 'too-many429'] as const),
  ...(['error200', 'redirect301', 'redirect307', 'short-length', 'long-length', 'flip', 'garbage'] as const),
  ...(['html200', 'denied403', 'gone404'] as const),
  // Of a list's pages: the JSON ends in its middle; the next page is this one, or this one under ever new
  // names, or at another host; records twice; in no order.
  ...([
    'truncated-list',
    'list-loop',
    'list-endless',
    'list-foreign',
    'list-doubles',
    'list-unsorted',
  ] as const),
]);

/** Faults that only a compressed body shows strike only those. */
const OF_GZIP: ReadonlySet<FaultKind> = new Set<FaultKind>(['flip', 'garbage']);

export function restAbility(gzipped: () => boolean): Ability {
  return (kind) => KINDS.has(kind) && (!OF_GZIP.has(kind) || gzipped());
}

/** Whether the page was made so, and needs no more than to be sent. */
export function isOfPages({ kind }: FaultHit): boolean {
  return kind.startsWith('list-');
}

export interface SpoiltPage {
  readonly page: Page;
  /** Another host than that of the request. */
  readonly host?: string;
  readonly mark?: string;
}

export function spoiltPage(page: Page, place: Place, hit: FaultHit | undefined): SpoiltPage {
  switch (hit?.kind) {
    case 'list-loop':
      return { page: { ...page, next: place } };
    case 'list-endless':
      return { page: { ...page, next: place }, mark: hit.where.toString(36) };
    case 'list-foreign':
      return { page: { ...page, next: page.next ?? place }, host: 'elsewhere.invalid' };
    case 'list-doubles':
      return { page: { ...page, rows: page.rows.flatMap((row) => [row, row]) } };
    case 'list-unsorted':
      return { page: { ...page, rows: [...page.rows].reverse() } };
    default:
      return { page };
  }
}
