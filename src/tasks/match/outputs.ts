/** The index and the two reports: which of them have to be written, and writing them with one barrier. */
import path from 'node:path';
import { replaceFiles } from '#platform/disk/durable.js';
import { fileIdentity } from '#platform/disk/file-identity.js';
import { sha256 } from '#platform/disk/sha256.js';
import { lookAt, type RecordedFile, relativeName } from '#store/matching/recorded-file.js';
import type { MatchState, OutputName } from '#store/matching/state.js';
import type { MatchPlaces } from './request.js';

export interface Output {
  readonly name: OutputName;
  readonly file: string;
  /** What it is to be made from. */
  readonly from: string;
  /** What stands there as it was written. */
  readonly standing: RecordedFile | undefined;
  /** Whether it has to be made: what stands there is from something else, or nothing does. */
  readonly isDue: boolean;
}

export interface Foundations {
  readonly index: string;
  readonly reports: string;
}

export function lookAtOutputs(
  places: MatchPlaces,
  { index, reports }: Foundations,
  previous: MatchState | undefined,
): readonly Output[] {
  const base = path.dirname(places.stateFile);
  const outputs = [
    ['index', places.indexFile, index],
    ['match_report', places.matchReport, reports],
    ['unmatched_report', places.unmatchedReport, reports],
  ] as const;
  return outputs.map(([name, file, from]) => {
    const { state, recorded } = lookAt(previous?.outputs[name], from, {
      file,
      name: relativeName(file, base),
    });
    return { name, file, from, standing: recorded, isDue: state !== 'current' };
  });
}

export interface WrittenOutputs {
  readonly written: readonly OutputName[];
  readonly records: MatchState['outputs'];
}

/** The records of all of them. One whose text is what stands there is not written again. */
export async function writeOutputs(
  outputs: readonly Output[],
  textOf: (name: OutputName) => string,
  base: string,
  checkLock: () => Promise<void>,
): Promise<WrittenOutputs> {
  const records: Partial<Record<OutputName, RecordedFile>> = {};
  const made: (Output & { readonly content: Buffer; readonly hash: string })[] = [];
  for (const output of outputs) {
    const { name, from, standing, isDue } = output;
    if (!isDue && standing !== undefined) records[name] = standing;
    if (!isDue) continue;
    const content = Buffer.from(textOf(name));
    const hash = sha256(content);
    if (standing?.sha256 === hash) records[name] = { ...standing, from };
    else made.push({ ...output, content, hash });
  }
  if (made.length > 0) await replaceFiles(made, checkLock);
  for (const { name, file, from, hash } of made)
    records[name] = {
      file: relativeName(file, base),
      from,
      identity: fileIdentity(file) ?? '',
      sha256: hash,
    };
  return { written: made.map(({ name }) => name), records };
}
