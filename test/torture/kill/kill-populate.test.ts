/** populate from an S3 server, killed at random instants: what was recorded is never fetched again. */
import { expect, it } from 'vitest';
import { keyOf, market, Workdir } from '../../support/workdir.js';
import { LONG, rounds, SEED, scaled, technique } from '../technique.js';
import { type KillFigures, killUntilDone, noKills, nothingTorn, seeded } from './kill.js';

const t = technique('kill -9 at random instants, populate');
const KILLS = rounds(6, 100);
const random = seeded(SEED);
/** About 62 sessions of about 300 tickers; in the quick form 21, and fewer tickers. */
const TICKERS = scaled(100, 300);
const FIRST = LONG ? '2024-03-01' : '2024-05-01';
const RANGE = `--start ${FIRST} --end 2024-05-29`;
const TIMEOUT = 30_000 + KILLS * 8_000;

function report(what: string, figures: KillFigures, runMs: number): void {
  t.tried(figures.kills + figures.resumes);
  t.injected(figures.kills);
  console.log(
    `${what}: ${figures.kills} kills and ${figures.resumes} resumes, ${figures.late} kills too late, ` +
      `${figures.refetched} recorded days fetched again; an uninterrupted run takes ${Math.round(runMs)} ms (BARLOOM_SEED=${SEED})`,
  );
}

it('a fresh run, every ticker, archive and series', { timeout: TIMEOUT }, async () => {
  const sandbox = await market({ tickers: TICKERS });
  const whole = await Workdir.make(sandbox);
  await whole.populate(`${RANGE} --all-tickers`); // so that the sandbox has made its days
  await whole.remove();
  const { code, ms } = await whole.populate(`${RANGE} --all-tickers`);
  expect(code).toBe(0);
  const figures = noKills();
  while (figures.kills < KILLS / 2) {
    const work = await Workdir.make(sandbox);
    await t.attempt('fresh', () =>
      killUntilDone(work, `${RANGE} --all-tickers`, sandbox, random, ms, figures),
    );
    expect(work.tiers(), `BARLOOM_SEED=${SEED}`).toEqual(whole.tiers());
    await work.remove();
  }
  report('fresh', figures, ms);
});

it('a run that corrects days which the vendor replaced', { timeout: TIMEOUT }, async () => {
  const sandbox = await market({ tickers: TICKERS });
  const changed = ['2024-05-28', '2024-05-29', '2024-05-07', '2024-04-12', '2024-03-04'].filter(
    (day) => day >= FIRST,
  );
  const args = `${RANGE} --all-tickers --recheck`;
  const whole = await Workdir.make(sandbox);
  expect((await whole.populate(args)).code).toBe(0);
  const others: Workdir[] = [];
  while (others.length < KILLS / 8) others.push(await whole.copy());
  for (const day of changed) await sandbox.replace(keyOf(day), 'corrected');
  const { code, ms, summary } = await whole.populateJson(args);
  expect(code).toBe(0);
  expect(summary.replaced.length).toBe(changed.length);
  const figures = noKills();
  for (const work of others) {
    // Mostly early, since what is corrected is not corrected again.
    for (const share of [0.8, 0.9, 1]) {
      const { signal } = await work.populate(args, { killAfterMs: random() * ms * share });
      if (signal === 'SIGKILL') figures.kills++;
      else figures.late++;
      nothingTorn(work);
    }
    expect((await work.populate(args)).code).toBe(0);
    figures.resumes++;
    expect(work.tiers(), `BARLOOM_SEED=${SEED}`).toEqual(whole.tiers());
  }
  report('corrections', figures, ms);
});

it('a run without an archive', { timeout: TIMEOUT }, async () => {
  const sandbox = await market({ tickers: TICKERS });
  const whole = await Workdir.make(sandbox);
  const args = `${RANGE} --no-save-others --all-tickers`;
  await whole.populate(args);
  await whole.remove();
  const { code, ms } = await whole.populate(args);
  expect(code).toBe(0);
  const figures = noKills();
  while (figures.kills < KILLS / 4) {
    const work = await Workdir.make(sandbox);
    await t.attempt('without an archive', () => killUntilDone(work, args, sandbox, random, ms, figures));
    expect(work.tiers(), `BARLOOM_SEED=${SEED}`).toEqual(whole.tiers());
    await work.remove();
  }
  report('without an archive', figures, ms);
});
