/**
 * The end of every course of events: mended and populated, the folder is what the vendor has and the user
 * wrote, and running again is free.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { getsOf, Workdir } from '../../support/workdir.js';
import { runOne } from './commands.js';
import { renderSeries } from './folder.js';
import { bar, type Day, marketText, SESSIONS, TICKERS, type Values } from './market.js';
import { backfill, populate, rebuild, repair, verify } from './purposes.js';
import { must } from './rule.js';
import { rowKey, type World } from './world.js';

const EVERYTHING = {
  start: 0,
  end: SESSIONS.length - 1,
  tickers: ['AAPL', 'THIN'],
  flag: '--recheck',
} as const;

export async function convergesToTheModel(world: World): Promise<void> {
  await world.vendor.allow();
  world.before = world.see();
  await runOne(world, (at) => populate(at, EVERYTHING));
  await runOne(world, (at) => backfill(at, 'pruned'));
  await runOne(world, (at) => repair(at, true));
  await runOne(world, (at) => populate(at, EVERYTHING));
  await runOne(world, (at) => verify(at, true));
  const seen = world.before;
  for (const day of SESSIONS) {
    const current = world.vendor.current(day);
    if (current !== undefined && !world.pruned.has(day))
      must(seen.archive.get(day) === marketText(day, current), () => `in the end ${day} is not the vendor's`);
    else if (seen.archive.has(day) && !world.damagedDays.has(day))
      must(world.versionIn(seen, day) !== undefined, () => `in the end ${day} is nobody's`);
  }
  for (const ticker of world.tracked()) {
    const rows = new Map(seen.series.get(ticker)?.rows);
    for (const day of SESSIONS) {
      const version = world.versionIn(seen, day);
      if (version === undefined || world.pruned.has(day)) continue;
      const values = bar(ticker, day, version);
      must(
        rows.get(day) === values || isKept(world, ticker, day, rows.get(day)),
        () => `in the end ${ticker} ${day} is ${rows.get(day)}, should be ${values}`,
      );
    }
    for (const [key, values] of world.users)
      if (key.startsWith(`${ticker} `))
        must(
          rows.get(key.split(' ')[1] ?? '') === values,
          () => `in the end the user's row ${key} ${values} is gone`,
        );
    if (rows.size > 0)
      must(
        seen.series.get(ticker)?.form === 'own',
        () => `in the end ${ticker} is ${seen.series.get(ticker)?.form}`,
      );
    if (rows.size > 0)
      must(
        world.work.series(ticker === 'BApA' ? 'BA_pA' : ticker) === renderSeries(rows),
        () => `in the end the bytes of ${ticker} are others`,
      );
  }
  await againIsFree(world);
  await likeAFreshOne(world);
  await rebuiltIsTheArchive(world);
}

/** The user's, or an earlier one of the vendor's that the program cannot tell from the user's any more. */
function isKept(world: World, ticker: string, day: Day, values: Values | undefined): boolean {
  const key = rowKey(ticker, day);
  if (world.users.has(key)) return world.users.get(key) === values;
  return world.excused.has(key) && values !== undefined && world.wasVendors(ticker, day, values);
}

/** Only a rebuild lets the archive win; behind it nothing differs, and nothing is damaged. */
async function rebuiltIsTheArchive(world: World): Promise<void> {
  if (world.before.archive.size === 0) return;
  await runOne(world, (at) => rebuild(at, 'tracked'));
  await runOne(world, (at) => verify(at, true));
  for (const ticker of world.tracked())
    for (const day of SESSIONS) {
      const version = world.versionIn(world.before, day);
      if (version === undefined || world.damagedDays.has(day)) continue;
      const is = world.before.series.get(ticker)?.rows.get(day);
      must(is === bar(ticker, day, version), () => `rebuilt, ${ticker} ${day} is ${is}`);
    }
}

async function againIsFree(world: World): Promise<void> {
  const times = world.work.times();
  const gets = JSON.stringify(await getsOf(world.vendor.sandbox));
  const plan = populate(world, { ...EVERYTHING, flag: '' });
  const { code, stderr } = await world.run(plan.args);
  must(plan.codes(world.before, world.before, {} as never).has(code ?? -1), () => `again: ${code} ${stderr}`);
  must(JSON.stringify(await getsOf(world.vendor.sandbox)) === gets, () => 'running again fetched something');
  const now = world.work.times();
  const changed = [...new Set([...Object.keys(times), ...Object.keys(now)])].filter(
    (name) => times[name] !== now[name] && name !== '.barloom.run',
  );
  must(changed.length === 0, () => `running again rewrote ${changed.join(', ')}`);
}

/** The same bytes as a folder that was filled at one go. */
async function likeAFreshOne(world: World): Promise<void> {
  const fresh = await Workdir.make(world.vendor.sandbox);
  fresh.now = world.work.now;
  const { code, stderr } = await fresh.populate(
    `--start ${SESSIONS[0]} --end ${SESSIONS.at(-1)} --tickers ${TICKERS.join(',')}`,
  );
  must(code === 0 || code === 3, () => `a fresh folder: ${code} ${stderr}`);
  const [ours, theirs] = [world.work.tiers(), fresh.tiers()];
  for (const [name, hash] of Object.entries(theirs)) {
    const [, day] = /^massive_cache\/(.*)\.csv\.gz$/.exec(name) ?? [];
    if (day !== undefined && !world.pruned.has(day))
      must(
        ours[name] === hash,
        () =>
          `${name} is not byte for byte that of a fresh folder: ${gunzipSync(readFileSync(world.work.at(name))).length} bytes of text`,
      );
  }
}
