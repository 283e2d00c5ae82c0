/**
 * What the last run of matching found and wrote. It is written last: whatever it tells is on the disk. Lost
 * or broken, the next run does everything again. Times and inodes in it are of one machine and only spare
 * reading; what decides are hashes.
 */
import type { ListProblem } from '#market/instruments/instrument.js';
import type { Match } from '#market/instruments/match.js';
import type { PriceCounts } from '#market/instruments/price-quality.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import type { MatchSummary } from './match-summary.js';
import type { RecordedFile } from './recorded-file.js';

export const STATE_SCHEMA = 1;

export interface MatchState {
  readonly schema_version: typeof STATE_SCHEMA;
  readonly rules: number;
  /** The reports' form, and the options that they follow. */
  readonly reports: string;
  readonly tree: string;
  readonly aliases: string;
  readonly lists: readonly ListState[];
  /** By ticker. */
  readonly sources: Readonly<Record<string, SourceState>>;
  /** Price files by ticker. */
  readonly prices: Readonly<Record<string, RecordedFile>>;
  readonly outputs: Readonly<Partial<Record<OutputName, RecordedFile>>>;
  readonly summary: MatchSummary;
}

export type OutputName = 'index' | 'match_report' | 'unmatched_report';

export interface ListState {
  readonly name: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** A match an instrument, in its order. */
  readonly matches: readonly Match[];
  readonly problems: readonly ListProblem[];
}

export interface SourceState {
  /** From the archive's root. */
  readonly path: string;
  readonly identity: string;
  /** '' where it cannot be read. */
  readonly sha256: string;
  readonly judged: Judgement;
  /** Where the ticker lies in several folders: the identity of each. */
  readonly rivals?: Readonly<Record<string, string>>;
}

export type Judgement =
  | { readonly kind: 'counts'; readonly counts: PriceCounts }
  /** `missing_file`, or `error:EACCES`. */
  | { readonly kind: 'failed'; readonly status: 'missing_file' | `error:${string}` };

/** `older`: the older program's, which holds two hashes and nothing to go on from. */
export type FoundState =
  | { readonly kind: 'none' | 'older' | 'broken' }
  /** `text`: as it stands in the file. */
  | { readonly kind: 'found'; readonly state: MatchState; readonly text: string };

/** Written by a newer barloom. Exit 2. */
export class NewerStateError extends Error {
  constructor(file: string, version: number) {
    super(
      `${file} was written by a newer barloom (schema ${version}): use that one, or give another --state.`,
    );
    this.name = 'NewerStateError';
  }
}

const MOST_BYTES = 1 << 28;

/** Throws NewerStateError, or the disk's error. */
export async function readState(file: string): Promise<FoundState> {
  const text = await readTextIfThere(file, MOST_BYTES);
  if (text === undefined) return { kind: 'none' };
  let value: Partial<MatchState> & { readonly tradeable_hash?: unknown };
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'broken' };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'broken' };
  if (typeof value.tradeable_hash === 'string') return { kind: 'older' };
  const version: unknown = value.schema_version;
  if (typeof version === 'number' && version > STATE_SCHEMA) throw new NewerStateError(file, version);
  const isWhole =
    version === STATE_SCHEMA &&
    Array.isArray(value.lists) &&
    [value.sources, value.prices, value.outputs, value.summary].every((part) => typeof part === 'object');
  return isWhole ? { kind: 'found', state: value as MatchState, text } : { kind: 'broken' };
}
