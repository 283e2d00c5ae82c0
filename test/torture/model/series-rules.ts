/** What may become of each row of each series, and what must. */
import { readFileSync } from 'node:fs';
import type { FolderSeen } from './folder.js';
import { bar, type Day, FILE_STEMS, TICKERS, type Values } from './market.js';
import { must, type Purpose, shown } from './rule.js';
import { rowKey, type World } from './world.js';

export function judgeSeries(
  world: World,
  purposes: readonly Purpose[],
  done: readonly Purpose[],
  after: FolderSeen,
  told: () => string,
): void {
  const { before } = world;
  for (const ticker of TICKERS) {
    const [was, is] = [before.series.get(ticker), after.series.get(ticker)];
    const deleted = purposes.some(({ deletes }) => deletes?.has(ticker) === true);
    if (deleted && is === undefined) {
      for (const day of was?.rows.keys() ?? []) world.forget(rowKey(ticker, day));
      continue;
    }
    const touched = purposes.some(
      ({ fills, wins }) => fills?.tickers.has(ticker) === true || wins?.has(ticker) === true,
    );
    if (is?.form === 'unreadable') {
      must(was?.form === 'unreadable', () => `the series of ${ticker} cannot be read any more\n${told()}`);
      continue;
    }
    if (was?.form === 'unreadable' && is !== undefined) {
      must(
        touched && after.names.some((name) => name.includes(`${FILE_STEMS[ticker]}_1d_data.csv.unreadable-`)),
        () => `the unreadable series of ${ticker} is gone\n${told()}`,
      );
    }
    const days = new Set([
      ...(was?.rows.keys() ?? []),
      ...(is?.rows.keys() ?? []),
      ...after.archive.keys(),
      ...world.vendor.listed(),
    ]);
    for (const day of days)
      judgeRow(
        world,
        { ticker, day, was: was?.rows.get(day), is: is?.rows.get(day), wasRead: was?.form !== 'unreadable' },
        purposes,
        done,
        after,
        told,
      );
  }
}

interface RowSeen {
  readonly ticker: string;
  readonly day: Day;
  readonly was: Values | undefined;
  readonly is: Values | undefined;
  readonly wasRead: boolean;
}

function judgeRow(
  world: World,
  { ticker, day, was, is, wasRead }: RowSeen,
  purposes: readonly Purpose[],
  done: readonly Purpose[],
  after: FolderSeen,
  told: () => string,
): void {
  const key = rowKey(ticker, day);
  const where = (): string =>
    `${key}: was ${was}, is ${is}, archive ${shown(world, after, day)} has ${world.archived(after, ticker, day)}`;
  const filled = purposes.filter(({ fills }) => fills?.tickers.has(ticker) === true && fills.days.has(day));
  const won = purposes.some(({ wins }) => wins?.has(ticker) === true) && after.archive.has(day);
  const archive = world.archived(after, ticker, day);
  const isUsers = was !== undefined && world.users.get(key) === was;
  const vendors = world.vendor.current(day);
  const fresh = vendors === undefined ? undefined : bar(ticker, day, vendors);
  if (is !== was) {
    if (isUsers) {
      must(won && is === archive, () => `a row of the user's is gone or changed, ${where()}\n${told()}`);
      // Only a rebuild lets the archive win over a row of the user's in a file that can be read.
      const rebuilt = purposes.some(({ wins, repairs }) => repairs !== true && wins?.has(ticker) === true);
      must(rebuilt || !wasRead, () => `a repair took a row of the user's, ${where()}\n${told()}`);
      if (purposes.some(({ repairs }) => repairs)) keptBeside(world, ticker, `${day},${was}`, after, told);
    } else if (!wasRead && (is === undefined || is === world.users.get(key))) {
      // What the unreadable file held beside what can be made again is in the file that was moved aside.
      if (is !== undefined) return;
    } else if (is === undefined) {
      // A row of ours goes where the vendor's file has none.
      must(
        (filled.length > 0 || won) &&
          (after.archive.has(day) ? archive === undefined : vendors !== undefined && fresh === undefined),
        () => `a row is gone, ${where()}\n${told()}`,
      );
    } else {
      const allowed = filled.length > 0 || won;
      must(
        allowed && (is === archive || (!after.archive.has(day) && is === fresh)),
        () => `a row that is not the vendor's, ${where()}\n${told()}`,
      );
    }
    world.forget(key);
  }
  if (world.damagedDays.has(day) || (wasRead && world.excused.has(key))) return;
  const complete =
    !world.pruned.has(day) &&
    done.some(({ fills, completes }) => completes?.has(ticker) === true && fills?.days.has(day) === true);
  if (complete && after.archive.has(day)) world.unsure.delete(key);
  if (complete && after.archive.has(day) && !(isUsers && is === was))
    must(is === archive, () => `not as the archive has it, ${where()}\n${told()}`);
  if (
    done.some(({ wins, repairs }) => repairs !== true && wins?.has(ticker) === true) &&
    after.archive.has(day)
  )
    must(is === archive, () => `the archive did not win, ${where()}\n${told()}`);
}

/** What the archive takes the place of stays somewhere. */
function keptBeside(
  world: World,
  ticker: string,
  line: string,
  { names }: FolderSeen,
  told: () => string,
): void {
  const stem = FILE_STEMS[ticker];
  const beside = names.filter((name) => name.startsWith(`data_cache/${stem}_1d_data.csv.`));
  must(
    beside.some((name) => readFileSync(world.work.at(name), 'utf8').includes(line)),
    () => `${ticker}: ${line} is nowhere any more; beside it: ${beside.join(', ')}\n${told()}`,
  );
}
