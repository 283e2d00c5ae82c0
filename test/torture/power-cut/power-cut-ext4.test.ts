/**
 * A real ext4, in a file: BARLOOM_EXT4=1 as root on Linux. While the command works the image is copied at
 * random instants, which is what a power cut at that instant leaves: what had reached the disk, and nothing
 * of what was still in memory.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { market, Workdir } from '../../support/workdir.js';
import { seeded } from '../kill/kill.js';
import { rounds, SEED, technique } from '../technique.js';
import { differingNames, outcomeOf, treeOf } from './power-cut.js';
import { recordedButLost } from './power-cut-oracle.js';

const t = technique('power cuts of an ext4 image');

const lacking =
  process.env.BARLOOM_EXT4 !== '1'
    ? 'BARLOOM_EXT4=1 asks for it'
    : process.platform !== 'linux' || process.getuid?.() !== 0
      ? 'only root on Linux mounts images'
      : undefined;
const RUNS = rounds(2, 12);
const ARGS = '--start 2024-05-20 --end 2024-06-13 --tickers AAPL,MSFT,NVDA';
const random = seeded(SEED);

for (const options of ['data=ordered', 'data=writeback'])
  it.skipIf(lacking !== undefined)(
    `${options}${lacking === undefined ? '' : ` (skipped: ${lacking})`}`,
    { timeout: 3_600_000 },
    async () => {
      const sandbox = await market({ tickers: 150 });
      const work = await Workdir.make(sandbox);
      const place = await mkdtemp(path.join(work.root, 'ext4-'));
      const disk = path.join(place, 'mounted');
      mkdirSync(disk);
      const dataDir = path.join(disk, 'data');
      const mounted = async <T>(image: string, body: () => Promise<T>): Promise<T> => {
        execFileSync('mount', ['-o', `loop,commit=60,${options}`, image, disk]);
        try {
          return await body();
        } finally {
          execFileSync('umount', [disk]);
        }
      };
      const fresh = (name: string): string => {
        const image = path.join(place, name);
        execFileSync('truncate', ['--size=48M', image]);
        execFileSync('mkfs.ext4', ['-q', '-F', image]);
        return image;
      };
      const whole = fresh('whole.img');
      const [final, ms] = await mounted(whole, async () => {
        const ended = await work.populate(ARGS, { dataDir });
        expect(ended.code, ended.stderr).toBe(0);
        return [treeOf([dataDir]), ended.ms] as const;
      });
      const wanted = outcomeOf(final);
      rmSync(whole);
      for (let run = 0; run < RUNS; run++) {
        const image = fresh(`run-${run}.img`);
        const copies: string[] = [];
        await mounted(image, async () => {
          let stop = false;
          const cutting = { done: Promise.resolve() };
          const ended = await work.populate(ARGS, {
            dataDir,
            onStart: (child) => {
              child.once('exit', () => {
                stop = true;
              });
              cutting.done = (async () => {
                while (!stop) {
                  await pause(random() * ms * 0.3);
                  if (stop || !child.kill('SIGSTOP')) return;
                  const copy = `${image}.${copies.length}`;
                  if (await copiedAtOnce(image, copy)) copies.push(copy);
                  child.kill('SIGCONT');
                }
              })();
            },
          });
          await cutting.done;
          expect(ended.code, ended.stderr).toBe(0);
          // The power goes when the command has ended well.
          const last = `${image}.last`;
          if (await copiedAtOnce(image, last)) copies.push(last);
        });
        for (const copy of copies) {
          t.injected();
          await t.attempt(path.basename(copy), () =>
            mounted(copy, async () => {
              const tree = treeOf([dataDir]);
              expect(recordedButLost(tree, final, dataDir)).toEqual([]);
              if (copy.endsWith('.last')) expect(differingNames(outcomeOf(tree), wanted)).toEqual([]);
              const again = await work.populate(ARGS, { dataDir });
              expect(again.code, again.stderr).toBe(0);
              expect(differingNames(outcomeOf(treeOf([dataDir])), wanted)).toEqual([]);
              const verified = await work.verb('verify --deep', { dataDir });
              expect(verified.code, verified.stdout).toBe(0);
            }),
          );
          rmSync(copy);
        }
        rmSync(image);
      }
    },
  );

/** False where the image changed meanwhile: then the copy may be what no disk ever held. */
async function copiedAtOnce(image: string, copy: string): Promise<boolean> {
  for (let tries = 0; tries < 10; tries++) {
    await pause(20);
    copyFileSync(image, copy);
    if (Buffer.compare(readFileSync(copy), readFileSync(image)) === 0) return true;
  }
  rmSync(copy);
  return false;
}
