/** A disk that fills while fetch writes: 6, nothing torn or left over; with room again the same command goes on. Needs Linux's `unshare`. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { dividends } from '#market/tables/actions.js';
import { miniRest, REST_KEY } from '../../support/mini-rest.js';
import { Workdir } from '../../support/workdir.js';

const SMALL_DISK = ['unshare', '-rm', 'sh', '-c'];
const possible =
  process.platform === 'linux' &&
  spawnSync(SMALL_DISK[0] ?? '', [...SMALL_DISK.slice(1), 'mount -t tmpfs none /mnt'], { stdio: 'ignore' })
    .status === 0;

it.skipIf(!possible)('a disk that fills costs no window that was done', { timeout: 60_000 }, async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  const years = [2021, 2022, 2023, 2024];
  rest.lists.set(
    dividends.path,
    years.flatMap((year) =>
      Array.from({ length: 400 }, (_, n) => ({
        id: `${year}-${n}`,
        ticker: `T${n}`,
        ex_dividend_date: `${year}-${String(1 + (n % 12)).padStart(2, '0')}-15`,
        cash_amount: n / 7,
      })),
    ),
  );
  const script = `
    mkdir -p "$DISK" && mount -t tmpfs -o size=180k none "$DISK" || exit 99
    "$@" 2> "$OUT/first.err" > "$OUT/first.out"; echo "first $?" > "$OUT/codes"
    find "$DISK" -name '*tmp' | wc -l | sed 's/^/left /' >> "$OUT/codes"
    mount -o remount,size=50m "$DISK" || exit 98
    "$@" 2> "$OUT/second.err" > "$OUT/second.out"; echo "second $?" >> "$OUT/codes"
    mkdir -p "$OUT/data" && cp -a "$DISK/." "$OUT/data"
  `;
  const env = { DISK: path.join(work.root, 'disk'), OUT: work.root, MASSIVE_API_KEY: REST_KEY };
  const args = `fetch dividends --backfill-years 3 --workers 1 --rest-endpoint ${rest.endpoint}`;
  await work.verb(args, { env, within: [...SMALL_DISK, script, 'sh'], dataDir: env.DISK });
  const said = readFileSync(path.join(work.root, 'first.err'), 'utf8');
  expect(readFileSync(path.join(work.root, 'codes'), 'utf8').trim().split('\n'), said).toEqual([
    'first 6',
    'left 0',
    'second 0',
  ]);
  expect(said).toContain('the disk is full');
  const counted = await work.run([
    'sql',
    'SELECT count(*) AS n, count(DISTINCT id) AS ids FROM dividends_versions',
    '--data-dir',
    work.data,
  ]);
  expect(counted.stdout).toBe('n,ids\n1600,1600\n');
  expect((await work.verb('verify --deep')).code).toBe(0);
});
