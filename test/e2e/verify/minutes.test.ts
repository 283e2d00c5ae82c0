/** verify on days that are worked through in pieces: what is sound is told so, and what is not is mended. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { END_MARKER } from '#store/archive/bgzf.js';
import { membersOfText } from '#store/archive/members.js';
import type { VerifyResult } from '#tasks/verify/result.js';
import { filledOnce } from '../../support/filled-once.js';
import {
  ARGS,
  DAYS,
  FIRST,
  LAST,
  MINUTE_OBJECTS,
  minuteKey,
  minuteLines,
  SERIES_HEADER,
  SUSPICIONS,
  seriesOf,
  TEXTS,
  unfinished,
} from '../../support/minute-days.js';
import { getsOf, type Workdir } from '../../support/workdir.js';

const filled = filledOnce(ARGS, { objects: MINUTE_OBJECTS });
const VERIFY = 'verify --deep --json -t stocks_minute';
const FILE = ['massive_cache', 'stocks_minute', `${LAST}.csv.gz`] as const;
const TEXT = TEXTS.get(LAST) as Buffer;

type Verified = VerifyResult & { readonly mended?: readonly { readonly what: string }[] };

async function verify(
  work: Workdir,
  more = '',
): Promise<{ readonly code: number | null; readonly found: Verified }> {
  const { code, stdout, stderr } = await work.verb(`${VERIFY} ${more}`);
  expect(stderr).not.toMatch(/a bug/);
  const { datasets } = JSON.parse(stdout) as { datasets: [Verified] };
  return { code, found: datasets[0] };
}

it.each<[string, (sound: Buffer) => Uint8Array, 'damage' | 'harmless', string, number]>([
  ['a plain gzip', () => gzipSync(TEXT), 'harmless', 'archive-plain', 0],
  ['other blocks', () => Buffer.concat([membersOfText(TEXT), END_MARKER]), 'harmless', 'archive-blocks', 0],
  ['no end marker', (sound) => sound.subarray(0, -28), 'damage', 'archive-damaged', 0],
  ['a spoilt end marker', (sound) => spoilt(sound, sound.length - 20), 'damage', 'archive-damaged', 0],
  ['a flipped bit', (sound) => spoilt(sound, sound.length >> 1), 'damage', 'archive-damaged', 1],
  ['half of it', (sound) => sound.subarray(0, sound.length >> 1), 'damage', 'archive-damaged', 1],
  ['another text', () => gzipSync(TEXTS.get(FIRST) as Buffer), 'damage', 'archive-changed', 1],
])('%s: found, and mended to the very bytes', async (_, spoil, list, kind, fetches) => {
  const { work, sandbox } = await filled();
  const expected = work.tiers();
  await work.write(FILE.join('/'), spoil(readFileSync(work.at(...FILE))));
  const { code, found } = await verify(work);
  expect(code).toBe(list === 'damage' ? 7 : 0);
  expect(found[list].map((one) => one.kind)).toContain(kind);
  const before = (await getsOf(sandbox))[minuteKey(LAST)] ?? 0;
  const repaired = await verify(work, `--repair --endpoint ${work.endpoint}`);
  expect(repaired.code, JSON.stringify(repaired.found)).toBe(0);
  expect(((await getsOf(sandbox))[minuteKey(LAST)] ?? 0) - before).toBe(fetches);
  const after = Object.entries(work.tiers()).filter(([name]) => !/\.(damaged|original)-/.test(name));
  expect(Object.fromEntries(after)).toEqual(expected);
  expect(unfinished(work)).toEqual([]);
  const again = await verify(work);
  expect(again.found).toMatchObject({ damage: [], harmless: [], suspicions: SUSPICIONS });
});

it('a series that cannot be read keeps its sound lines of other days; a line that somebody edited is theirs until a rebuild', async () => {
  const { work } = await filled();
  const expected = DAYS.map((day) => minuteLines(day, 'AAPL')).join('');
  const mine = '2024-06-10 09:30:00-04:00,1,2,0.5,1.5,9\n';
  await work.write('data_cache/AAPL_1m_data.csv', `${SERIES_HEADER}${mine}what is this\n${expected}`);
  const edited = seriesOf(work, 'SPY').replace(/,100\.25\n/, ',1\n');
  await work.write('data_cache/SPY_1m_data.csv', edited);
  const { code, found } = await verify(work);
  expect(code).toBe(7);
  expect(found.damage.map(({ kind }) => kind)).toEqual(['series-unreadable']);
  expect(found.kept_rows.series).toBe(1);
  const repaired = await verify(work, `--repair --endpoint ${work.endpoint}`);
  expect(repaired.code, JSON.stringify(repaired.found.damage)).toBe(0);
  expect(seriesOf(work, 'AAPL')).toBe(SERIES_HEADER + mine + expected);
  expect(seriesOf(work, 'SPY')).toBe(edited);
  expect((await work.verb('rebuild SPY -t stocks_minute')).code).toBe(0);
  expect(seriesOf(work, 'SPY')).toBe(SERIES_HEADER + DAYS.map((day) => minuteLines(day, 'SPY')).join(''));
});

it('a table of contents that is damaged is made again', async () => {
  const { work } = await filled();
  const toc = ['massive_cache', 'stocks_minute', '.toc', '2024-06'] as const;
  const sound = readFileSync(work.at(...toc));
  await work.write(toc.join('/'), spoilt(sound, sound.length >> 1));
  expect((await verify(work)).code).toBe(7);
  expect((await verify(work, `--repair --endpoint ${work.endpoint}`)).code).toBe(0);
  expect(readFileSync(work.at(...toc)).equals(sound)).toBe(true);
});

function spoilt(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 0x55;
  return copy;
}
