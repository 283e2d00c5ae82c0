/**
 * A disk that is full half-way: 6, nothing torn; and with room again the same command goes on. Needs Linux's
 * `unshare`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { market, Workdir } from '../../support/workdir.js';

const SMALL_DISK = ['unshare', '-rm', 'sh', '-c'];
const possible =
  process.platform === 'linux' &&
  spawnSync(SMALL_DISK[0] ?? '', [...SMALL_DISK.slice(1), 'mount -t tmpfs none /mnt'], { stdio: 'ignore' })
    .status === 0;

const ARGS = '--start 2024-03-01 --end 2024-05-31 --tickers AAPL,BRK.B,TRUE';

it.skipIf(!possible).each([
  ['that the plan does not fit', -100, /^barloom: the plan needs about .* are free: free some space/m],
  [
    'that the estimate fits, and the files, in whole pages, do not',
    60,
    /^barloom: .*the disk is full.*run the same command again/m,
  ],
])('%s', { timeout: 60_000 }, async (_, spare, sentence) => {
  const sandbox = await market({ tickers: 300 });
  const whole = await Workdir.make(sandbox);
  expect((await whole.populate(ARGS)).code).toBe(0);
  const work = await Workdir.make(sandbox);
  const { summary } = await work.populateJson(`${ARGS} --dry-run`);
  const kilobytes = Math.ceil(summary.bytes.needed / 1024) + spare;
  const script = `
    mkdir -p "$DISK" && mount -t tmpfs -o size=${kilobytes}k none "$DISK" || exit 99
    "$@" 2> "$OUT/first.err" > "$OUT/first.out"; echo "first $?" > "$OUT/codes"
    find "$DISK" -name '*.csv.gz' -exec gunzip -t {} + ; echo "whole $?" >> "$OUT/codes"
    find "$DISK" -name '*tmp' | wc -l | sed 's/^/left /' >> "$OUT/codes"
    find "$DISK" -name '*.csv.gz' | wc -l | sed 's/^/days /' >> "$OUT/codes"
    mount -o remount,size=50m "$DISK" || exit 98
    "$@" 2> "$OUT/second.err" > "$OUT/second.out"; echo "second $?" >> "$OUT/codes"
    mkdir -p "$OUT/data" && cp -a "$DISK/." "$OUT/data"
  `;
  const env = { DISK: path.join(work.root, 'disk'), OUT: work.root };
  const { stderr } = await work.populate(ARGS, {
    env,
    within: [...SMALL_DISK, script, 'sh'],
    dataDir: env.DISK,
  });
  const codes = readFileSync(path.join(work.root, 'codes'), 'utf8').trim().split('\n');
  const said = readFileSync(path.join(work.root, 'first.err'), 'utf8');
  expect(codes, said + stderr).toEqual([
    'first 6',
    'whole 0',
    'left 0',
    expect.stringMatching(/^days \d+$/),
    'second 0',
  ]);
  expect(said).toMatch(sentence);
  expect(codes[3] === 'days 0').toBe(spare < 0);
  expect(work.tiers()).toEqual(whole.tiers());
});
