/** Why an instrument has no price file. */
import type { ArchiveTicker } from './archive-index.js';
import type { Venue } from './venues.js';

/** `no_source_data(.TO)`: with the ending of which the archive has nothing. */
export type Reason =
  | 'missing_symbol'
  | `no_source_data(${string})`
  | 'ambiguous_variants'
  | 'alias_required'
  | 'manual_review';

export interface Circumstances {
  /** Whether there is a symbol. */
  readonly isNamed: boolean;
  readonly venue: Venue | undefined;
  /** The shares of that name, all of them elsewhere. */
  readonly near: readonly ArchiveTicker[];
  readonly extensions: ReadonlySet<string>;
}

/**
 *   symbol   venue              archive has its ending   same name elsewhere   reason
 *   none                                                                       missing_symbol
 *   yes      known              no                       (any)                 no_source_data(its first ending)
 *   yes      known or unknown   yes                      none                  manual_review
 *   yes      known              yes                      one                   alias_required
 *   yes      known or unknown   yes                      several               ambiguous_variants
 */
export function reasonFor({ isNamed, venue, near, extensions }: Circumstances): Reason {
  if (!isNamed) return 'missing_symbol';
  if (venue !== undefined && !venue.extensions.some((extension) => extensions.has(extension)))
    return `no_source_data(${venue.extensions[0] ?? ''})`;
  if (near.length === 0) return 'manual_review';
  return near.length > 1 ? 'ambiguous_variants' : 'alias_required';
}

/** What the user can do about it. */
export function adviceFor(reason: string): string {
  if (reason.startsWith('no_source_data'))
    return 'that market is not in the archive: get its bundle, or Stooq has none';
  switch (reason) {
    case 'missing_symbol':
      return 'the list has no symbol there: mend the list';
    case 'ambiguous_variants':
      return 'several markets have the name: say the market in the list, or an alias';
    case 'alias_required':
      return 'only another market has the name: renamed, or another company; an alias says so';
    default:
      return 'not in the archive under this name';
  }
}
