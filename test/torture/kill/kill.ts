/**
 * Kills at random instants, and what must hold after each: no file under a final name is torn, nothing that
 * was recorded is fetched again, and in the end both tiers are what an uninterrupted run leaves.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import { parseSeries } from '#store/series/series-file.js';
import { keyOf, type Workdir } from '../../support/workdir.js';

const KILLS_A_RESUME = 4;

export interface KillFigures {
  kills: number;
  /** Kills that came too late: the run had ended. */
  late: number;
  resumes: number;
  refetched: number;
}

export function noKills(): KillFigures {
  return { kills: 0, late: 0, resumes: 0, refetched: 0 };
}

/** Every file under a final name is whole. */
export function nothingTorn(work: Workdir): void {
  for (const name of namesIn(work, 'data_cache')) {
    if (!name.endsWith('.csv')) continue;
    expect(parseSeries(readFileSync(work.at('data_cache', name))), name).toMatchObject({
      ok: true,
      canonical: true,
    });
  }
  for (const name of namesIn(work, 'massive_cache')) {
    if (name.endsWith('.csv.gz'))
      expect(gunzipSync(readFileSync(work.at('massive_cache', name))).length, name).toBeGreaterThan(0);
  }
  if (work.has('progress.json'))
    expect(() => JSON.parse(work.read('progress.json')), 'progress.json').not.toThrow();
}

/** Days whose file was processed in full, as progress.json and its journal have it. */
export function recordedDays(work: Workdir): ReadonlySet<string> {
  const days = new Set<string>();
  if (work.has('progress.json')) {
    const { datasets } = JSON.parse(work.read('progress.json')) as {
      datasets: Record<string, { days: Record<string, { rows?: number }> }>;
    };
    for (const [day, { rows }] of Object.entries(datasets['stocks_daily']?.days ?? {}))
      if (rows !== undefined) days.add(day);
  }
  if (work.has('progress.ndjson')) {
    for (const line of work.read('progress.ndjson').split('\n').slice(0, -1)) {
      const step = JSON.parse(line.split('\t')[0] ?? '') as {
        step: string;
        day: string;
        record?: { rows?: number };
      };
      if (step.step === 'day' && step.record?.rows !== undefined) days.add(step.day);
    }
  }
  return days;
}

/**
 * Runs, kills after a random while, looks, and so on until a run ends by itself; then it has to have ended
 * well.
 */
export async function killUntilDone(
  work: Workdir,
  args: string,
  sandbox: RunningSandbox,
  random: () => number,
  longestMs: number,
  figures: KillFigures,
): Promise<void> {
  for (let kill = 0; kill < KILLS_A_RESUME; kill++) {
    const before = await counted(work, sandbox);
    const { signal, code, stderr } = await work.populate(args, { killAfterMs: random() * longestMs });
    if (signal === 'SIGKILL') figures.kills++;
    else {
      expect(code, stderr).toBe(0);
      figures.late++;
    }
    nothingTorn(work);
    await notAgain(before, sandbox, figures);
  }
  figures.resumes++;
  const before = await counted(work, sandbox);
  const { code, stderr } = await work.populate(args);
  expect(code, stderr).toBe(0);
  await notAgain(before, sandbox, figures);
  const left = Object.keys(work.everything()).filter((name) => /tmp$|\.lock$|ndjson$/.test(name));
  expect(left).toEqual([]);
}

type Counted = ReadonlyMap<string, number>;

async function counted(work: Workdir, sandbox: RunningSandbox): Promise<Counted> {
  const { getsByKey } = await sandbox.requests();
  return new Map([...recordedDays(work)].map((day) => [keyOf(day), getsByKey[keyOf(day)] ?? 0]));
}

async function notAgain(before: Counted, sandbox: RunningSandbox, figures: KillFigures): Promise<void> {
  const { getsByKey } = await sandbox.requests();
  const again = [...before].filter(([key, gets]) => (getsByKey[key] ?? 0) > gets);
  figures.refetched += again.length;
  expect(again, 'fetched although recorded').toEqual([]);
}

function namesIn(work: Workdir, folder: string): readonly string[] {
  return work.has(folder) ? readdirSync(work.at(folder)) : [];
}

/** Mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
