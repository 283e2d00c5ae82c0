/**
 * Which file of a ticker counts where it lies in several folders: one that is not empty, of those the one
 * with the newer last row.
 */
import { closeSync } from 'node:fs';
import { fileIdentity, sizeIn } from '#platform/disk/file-identity.js';
import { openToReadSync, readFully } from '#platform/disk/read.js';
import type { SourceState } from '#store/matching/state.js';

export interface ChosenSource {
  readonly path: string;
  /** '' where there is no such file any more. */
  readonly identity: string;
  readonly rivals?: Readonly<Record<string, string>>;
}

/** `paths`: from the root, at least one. */
export function chooseSource(
  root: string,
  paths: readonly string[],
  previous: SourceState | undefined,
): ChosenSource {
  const identities = paths.map((path) => fileIdentity(`${root}/${path}`) ?? '');
  const [path = '', identity = ''] = [paths[0], identities[0]];
  if (paths.length <= 1) return { path, identity };
  const rivals = Object.fromEntries(paths.map((one, i) => [one, identities[i] ?? '']));
  const isAsBefore =
    previous?.rivals !== undefined &&
    Object.keys(previous.rivals).length === paths.length &&
    paths.every((one) => previous.rivals?.[one] === rivals[one]);
  if (isAsBefore)
    return { path: previous.path, identity: rivals[previous.path] ?? '', rivals: previous.rivals };
  const best = bestOf(root, rivals);
  return { path: best, identity: rivals[best] ?? '', rivals };
}

function bestOf(root: string, rivals: Readonly<Record<string, string>>): string {
  const ranked = Object.entries(rivals).map(([path, identity]) => ({
    path,
    size: identity === '' ? -1 : sizeIn(identity),
    last: identity === '' ? '' : lastDay(`${root}/${path}`, sizeIn(identity)),
  }));
  ranked.sort(
    (a, b) =>
      Number(b.size > 0) - Number(a.size > 0) ||
      (a.last === b.last ? 0 : a.last < b.last ? 1 : -1) ||
      (a.path < b.path ? -1 : 1),
  );
  return ranked[0]?.path ?? '';
}

/** Longer than any row. */
const TAIL_BYTES = 512;

/** YYYYMMDD of the last row; '' where there is none or it cannot be read. */
function lastDay(file: string, size: number): string {
  let descriptor: number | undefined;
  try {
    descriptor = openToReadSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readFully(descriptor, tail, Math.max(0, size - TAIL_BYTES));
    const last = tail.toString('latin1').trimEnd().split('\n').at(-1) ?? '';
    return /^[^,]*,[^,]*,(\d{8}),/.exec(last)?.[1] ?? '';
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
