/**
 * What hands other than barloom's do to the folder: files deleted, bytes spoilt, series edited, lists
 * changed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { rm, utimes, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { renderSeries, seriesPath } from './folder.js';
import { type Day, TICKERS } from './market.js';
import { rowKey, type World } from './world.js';

/** A day that no run here asks for. */
export const BEFORE_ALL: Day = '2024-05-13';
const MINE = ['1,2,0.5,1.5,7', '3,4,2.5,3.5,8', '5,6,4.5,5.5,9'] as const;

/** Where something happens, and how; what is not there cannot be spoilt. */
export interface Place {
  readonly ticker: string;
  readonly day: Day;
  readonly n: number;
}

export type Edit = 'own day' | 'change' | 'a day that is not here' | 'CRLF' | 'delete a row';

export async function editSeries(world: World, edit: Edit, { ticker, day, n }: Place): Promise<void> {
  const seen = world.before.series.get(ticker);
  if (seen === undefined || seen.form === 'unreadable') {
    if (seen !== undefined || edit !== 'own day') return;
  }
  const file = seriesPath(world.work.data, ticker);
  const rows = new Map(seen?.rows);
  const values = MINE[n % MINE.length] ?? MINE[0];
  world.forgets([ticker]);
  if (edit === 'own day') write(BEFORE_ALL);
  if (edit === 'change' && rows.has(day)) write(day);
  if (edit === 'a day that is not here' && !world.before.archive.has(day) && !rows.has(day)) write(day);
  if (edit === 'delete a row') {
    rows.delete(day);
    world.forget(rowKey(ticker, day));
  }
  const text = renderSeries(rows);
  await world.work.write(file, edit === 'CRLF' ? text.replaceAll('\n', '\r\n') : text);
  // A row that lacks is damage; one that differs is the user's.
  if (edit === 'delete a row') world.tampered = true;

  function write(on: Day): void {
    rows.set(on, values);
    const key = rowKey(ticker, on);
    world.users.set(key, values);
    world.excused.delete(key);
  }
}

export type Victim = 'series' | 'archive' | 'toc' | 'progress.json' | 'progress.ndjson' | 'tracked.txt';

export async function deleteFile(world: World, victim: Victim, place: Place): Promise<void> {
  const file = victimFile(world, victim, place);
  if (!existsSync(file)) return;
  if (victim === 'series') {
    for (const ticker of TICKERS)
      if (seriesPath(world.work.data, ticker) === file)
        for (const day of world.before.series.get(ticker)?.rows.keys() ?? []) {
          world.forget(rowKey(ticker, day));
        }
  }
  if (victim === 'archive') {
    world.losesDay(dayOf(file));
    world.damagedDays.delete(dayOf(file));
  }
  if (victim.startsWith('progress')) losesProgress(world);
  await rm(file);
  world.tampered = true;
}

export type Spoil = 'a bit' | 'the end' | 'empty' | 'NUL';

export async function spoilFile(
  world: World,
  victim: Exclude<Victim, 'tracked.txt'>,
  spoil: Spoil,
  place: Place,
): Promise<void> {
  const file = victimFile(world, victim, place);
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  if (bytes.length < 8) return;
  if (victim === 'series') {
    // Of other damage to a text nobody can say whether it is one: NUL is never part of a series.
    world.forgets(TICKERS.filter((ticker) => seriesPath(world.work.data, ticker) === file));
    bytes[place.n % bytes.length] = 0;
    await writeFile(file, bytes);
  } else {
    if (victim === 'archive') {
      world.losesDay(dayOf(file));
      world.damagedDays.add(dayOf(file));
    }
    if (victim.startsWith('progress')) losesProgress(world);
    const at = Math.floor(bytes.length * ((place.n % 97) / 97));
    if (spoil === 'a bit' || spoil === 'NUL')
      bytes[at] = spoil === 'NUL' && bytes[at] !== 0 ? 0 : (bytes[at] ?? 0) ^ 4;
    const left =
      spoil === 'empty' ? bytes.subarray(0, 0) : spoil === 'the end' ? bytes.subarray(0, at) : bytes;
    await writeFile(file, left);
  }
  world.tampered = true;
}

/** The same text as another tool would keep it. */
export async function packPlainly(world: World, { day }: Place): Promise<void> {
  const text = world.before.archive.get(day);
  if (text === undefined || world.damagedDays.has(day)) return;
  const file = world.work.at('massive_cache', `${day}.csv.gz`);
  await writeFile(file, gzipSync(text));
  // Later than anything that the vendor has published until now.
  const later = new Date(Date.now() + 3000);
  await utimes(file, later, later);
  world.tampered = true;
}

export async function changeList(world: World, tickers: readonly string[]): Promise<void> {
  world.listed = tickers;
  await world.work.write('stocks.txt', `# mine\n${tickers.join('\n')}\n`);
}

function losesProgress(world: World): void {
  world.forgets(TICKERS);
  world.pruned.clear();
}

function victimFile(world: World, victim: Victim, { ticker, day }: Place): string {
  if (victim === 'series') return seriesPath(world.work.data, ticker);
  if (victim === 'archive') return world.work.at('massive_cache', `${day}.csv.gz`);
  return victim === 'toc' ? world.work.at('massive_cache/.toc', day.slice(0, 7)) : world.work.at(victim);
}

function dayOf(file: string): Day {
  return /(\d{4}-\d\d-\d\d)\.csv\.gz$/.exec(file)?.[1] ?? '';
}
