/** A backup back into a folder: whole or not at all, and nothing newer is lost without being told. */
import { existsSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Workdir } from '../../support/workdir.js';
import { command, filledFolders } from './folder.js';

const filled = filledFolders();

async function backed(): Promise<{ readonly work: Workdir; readonly tar: string; readonly copy: string }> {
  const { work } = await filled();
  await work.write('ibd.txt', '# Žába\nAAPL\n');
  await work.write('stocks.txt', 'AAPL\n');
  const tar = path.join(work.root, 'b.tar');
  expect((await command(work, `backup ${tar}`)).code).toBe(0);
  return { work, tar, copy: path.join(work.root, 'copy') };
}

/** The last --data-dir counts. */
function restore(work: Workdir, args: string, copy: string) {
  return work.run(['restore', ...args.split(' '), '--data-dir', copy]);
}

it('is the same folder again, in an empty one and over an older one; a newer file stays', async () => {
  const { work, tar, copy } = await backed();
  const first = await restore(work, tar, copy);
  expect(first.code, first.stderr).toBe(0);
  for (const [name, text] of Object.entries(work.everything()))
    expect([
      name,
      readFileSync(path.join(copy, name)).equals(Buffer.from(readFileSync(work.at(name)))),
      text !== undefined,
    ]).toEqual([name, true, true]);
  const deep = await work.run(['verify', '--deep', '--data-dir', copy]);
  expect([deep.code, deep.stdout]).toEqual([0, expect.stringContaining('No damage')]);

  const again = JSON.parse((await restore(work, `${tar} --json`, copy)).stdout);
  expect(again.restore).toMatchObject({ written: 0, kept: [], checked: true });

  const [newer, older] = [path.join(copy, 'stocks.txt'), path.join(copy, 'ibd.txt')];
  writeFileSync(newer, 'MINE\n');
  utimesSync(newer, new Date('2100-01-01'), new Date('2100-01-01'));
  writeFileSync(older, 'OLD\n');
  utimesSync(older, new Date('2001-01-01'), new Date('2001-01-01'));
  const dry = await restore(work, `${tar} --dry-run`, copy);
  expect([dry.code, readFileSync(older, 'utf8')]).toEqual([0, 'OLD\n']);
  const over = await restore(work, tar, copy);
  expect([over.code, readFileSync(newer, 'utf8'), readFileSync(older, 'utf8')]).toEqual([
    3,
    'MINE\n',
    '# Žába\nAAPL\n',
  ]);
  expect(over.stdout).toContain('stocks.txt');
  expect((await restore(work, `${tar} --force`, copy)).code).toBe(0);
  expect(readFileSync(newer, 'utf8')).toBe(work.read('stocks.txt'));
});

it('one that is cut off, or of which a byte was changed, changes nothing and ends with 7', async () => {
  const { work, tar, copy } = await backed();
  const whole = readFileSync(tar);
  for (const harm of [
    () => truncateSync(tar, whole.length - 700),
    () => {
      const bytes = Buffer.from(whole);
      const at = bytes.indexOf('Date,Open,High');
      bytes[at + 30] = (bytes[at + 30] ?? 0) ^ 1;
      writeFileSync(tar, bytes);
    },
    () => writeFileSync(tar, 'no tar at all'.repeat(100)),
  ]) {
    harm();
    const { code, stdout, stderr } = await restore(work, tar, copy);
    expect([code, stdout]).toEqual([7, '']);
    expect(stderr).toContain('Nothing was restored');
    expect(existsSync(path.join(copy, 'progress.json'))).toBe(false);
    expect(existsSync(path.join(copy, 'stocks.txt'))).toBe(false);
  }
});
