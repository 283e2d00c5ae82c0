/**
 * Any single flipped byte of a data folder is found, or is no damage and told, and --repair (of a number of a
 * series that somebody has written since: rebuild) makes the folder what it was.
 */
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { look, mend, sameFiles } from '../../e2e/verify/tree.js';
import { market, Workdir } from '../../support/workdir.js';
import { rounds, SEED, technique } from '../technique.js';

const t = technique('flipped bytes, found and mended');
const FLIPS = rounds(20, 500);
const RANGE = '--start 2024-05-30 --end 2024-06-04';

/** Two months, several members a day, and series of three tickers. */
async function tree(): Promise<Workdir> {
  const work = await Workdir.make(await market({ tickers: 700 }));
  const { code, stderr } = await work.populate(`${RANGE} --tickers AAPL,BRK.B,BApA`);
  expect(code, stderr).toBe(0);
  return work;
}

function isCopy(name: string): boolean {
  return /\.(?:unreadable|damaged|original)-/.test(name);
}

it('any flipped byte is found by --deep, and the folder is mended to the byte', {
  timeout: 120_000 + FLIPS * 5000,
}, async () => {
  const work = await tree();
  const before = work.tiers();
  let instant = Date.parse('2024-06-14T17:00:00Z');
  const property = (): Promise<void> =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('data_cache/', 'massive_cache/2', 'massive_cache/.toc/', 'progress.json'),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (kind, which, where, mask, keepsTime) => {
          t.tried(1);
          t.injected(1);
          const files = Object.keys(work.everything()).filter(
            (name) => name.startsWith(kind) && !isCopy(name),
          );
          const name = files[which % files.length] ?? '';
          const { atimeMs, mtimeMs } = statSync(work.at(name));
          const bytes = readFileSync(work.at(name));
          const at = where % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ mask;
          writeFileSync(work.at(name), bytes);
          // A drive that rots changes no time.
          if (keepsTime) utimesSync(work.at(name), atimeMs / 1000, (Math.floor(mtimeMs) + 0.5) / 1000);
          const about = `${name}, byte ${at} ^ ${mask}`;

          const image = work.times();
          const found = await look(work);
          expect(work.times(), about).toEqual(image);
          // Who changes a number of a series, and its time, has edited it: told, kept, and a rebuild's to undo.
          if (!keepsTime && found.kept_files.length > 0) {
            expect([found.damage, found.kept_files.map(({ file }) => file)], about).toEqual([[], [name]]);
            expect((await work.verb('rebuild')).code, about).toBe(0);
            expect(sameFiles(before, work), about).toEqual(before);
            return;
          }
          expect(
            [...found.damage, ...found.harmless].map(({ file }) => file),
            about,
          ).toContain(name);

          instant += 1000;
          const { damage, after } = await mend(found, work, new Date(instant));
          expect(
            damage.filter(({ repaired }) => !repaired),
            about,
          ).toEqual([]);
          expect([after.damage, after.harmless, after.touched], about).toEqual([
            [],
            [],
            { days: [], series: [] },
          ]);
          expect(sameFiles(before, work), about).toEqual(before);
        },
      ),
      { seed: SEED, numRuns: FLIPS, endOnFailure: true },
    );
  await t.attempt('flips', property);
  // And what progress.json knows then is enough: nothing is left to do.
  const { code, summary } = await work.populateJson(RANGE);
  expect(code).toBe(0);
  expect(summary.requests.get).toBe(0);
  expect(summary.ticker_days).toMatchObject({ added: 0, corrected: 0, kept: 0 });
  expect(sameFiles(before, work)).toEqual(before);
});

it('the command finds a flipped byte of each kind of file with 7, mends it with 0, and changes nothing unless told to', {
  timeout: 180_000,
}, async () => {
  const work = await tree();
  const before = work.tiers();
  for (const [n, name] of [
    'data_cache/AAPL_1d_data.csv',
    'massive_cache/2024-05-30.csv.gz',
    'massive_cache/.toc/2024-06',
    'progress.json',
  ].entries()) {
    work.now = `2024-06-14T17:00:0${n}Z`;
    const bytes = readFileSync(work.at(name));
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const { atimeMs, mtimeMs } = statSync(work.at(name));
    writeFileSync(work.at(name), bytes);
    utimesSync(work.at(name), atimeMs / 1000, (Math.floor(mtimeMs) + 0.5) / 1000);
    const image = work.times();
    const args = ['verify', '--deep', '--json', '--data-dir', work.data, '--endpoint', work.endpoint ?? ''];
    const seen = await work.run(args);
    expect(seen.code, seen.stdout + seen.stderr).toBe(7);
    expect(work.times()).toEqual(image);
    const repaired = await work.run([...args, '--repair']);
    expect(repaired.code, repaired.stdout + repaired.stderr).toBe(0);
    const [{ damage }] = JSON.parse(repaired.stdout).datasets;
    expect(damage).toMatchObject([{ file: name, repaired: true }]);
    expect(sameFiles(before, work)).toEqual(before);
  }
});
