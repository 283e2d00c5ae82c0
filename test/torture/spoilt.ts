/** A run with a fault on the wire, judged: the same as without, or exactly what lacks is told; and nothing is half stored. */
import { expect } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.js';
import { addsUp, market, Workdir } from '../workdir.js';

type Tiers = Readonly<Record<string, string>>;

export const RANGE = '--start 2024-05-01 --end 2024-05-14 --tickers AAPL,BRK.B,TRUE';
export const SLOW: readonly string[] = ['stall', 'stall-head', 'drip'];
/** The server says that the keys are at fault: not asked again, and no day is blamed. */
const KEY_FAULTS: readonly string[] = ['skew403', 'expired403'];

/** What a run without trouble leaves. */
export async function faultless(): Promise<Tiers> {
  const work = await Workdir.make(await market());
  expect((await work.populate(RANGE)).code).toBe(0);
  return work.tiers();
}

/** One run with faults, and then one without, which has to end as if there had been none. */
export async function spoilt(fault: Fault, whole: Tiers): Promise<void> {
  const { kind } = fault;
  const sandbox = await market({ faults: { seed: 7, faults: [fault] } });
  const work = await Workdir.make(sandbox);
  const { code, summary, stderr } = await work.populateJson(RANGE);
  const hits = (await sandbox.requests()).records.filter((record) => record.fault === kind).length;
  expect(hits, `${kind} never struck`).toBeGreaterThan(0);
  expect(addsUp(summary), kind).toBe(true);
  const stored = work.tiers();
  const lacking = Object.keys(whole).filter((name) => !(name in stored) && name.startsWith('massive_cache/'));
  if (code === 0) {
    expect(stored, kind).toEqual(whole);
  } else {
    expect(KEY_FAULTS.includes(kind) ? [4] : [3, 5], `${kind}: ${stderr}`).toContain(code);
    const { failed, available } = summary.days;
    expect(failed + available, kind).toBe(lacking.length);
    expect(
      Object.entries(stored).filter(([name, hash]) => name.startsWith('massive') && whole[name] !== hash),
    ).toEqual([]);
    const told = summary.problems.map(({ day }) => `massive_cache/${day}.csv.gz`);
    expect(lacking, kind).toEqual(expect.arrayContaining(told));
    expect(told.length, kind).toBe(failed);
  }
  expect(Object.keys(work.everything()).filter((name) => /tmp$|\.lock$|ndjson$/.test(name))).toEqual([]);
  await sandbox.setFaults(undefined);
  const again = await work.populateJson(RANGE);
  expect(again.code, kind).toBe(0);
  expect(again.summary.days.fetched, kind).toBe(lacking.length);
  expect(work.tiers(), kind).toEqual(whole);
}
