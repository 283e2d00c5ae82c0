/**
 * What the model remembers besides what it can see: the user's rows, what was damaged by hand, what barloom
 * may have forgotten. And the program itself, on a real folder.
 */
import { rm } from 'node:fs/promises';
import type { Ended, RunOptions } from '../../support/workdir.js';
import { Workdir } from '../../support/workdir.js';
import { type FolderSeen, look } from './folder.js';
import { bar, type Day, overdueAt, SESSIONS, TICKERS, type Values, versionOf } from './market.js';
import { Vendor } from './vendor.js';

export const FIRST_NOW = Date.parse('2024-06-07T17:00:00Z');
export const rowKey = (ticker: string, day: Day): string => `${ticker} ${day}`;

export class World {
  now = FIRST_NOW;
  listed: readonly string[] = [];
  /** Rows that the user wrote and the vendor never had. */
  readonly users = new Map<string, Values>();
  /** Rows of an earlier version that barloom cannot know for its own any more. */
  readonly excused = new Set<string>();
  readonly pruned = new Set<Day>();
  readonly accepted = new Set<Day>();
  /** Day files that were damaged by hand. */
  readonly damagedDays = new Set<Day>();
  /** Whether hands have been at work since the last look that found nothing. */
  tampered = false;
  /** Rows that barloom has to look at again before it knows whose they are. */
  readonly unsure = new Set<string>();
  /** What was seen last. */
  before: FolderSeen;

  readonly work: Workdir;
  readonly vendor: Vendor;

  private constructor(work: Workdir, vendor: Vendor) {
    this.work = work;
    this.vendor = vendor;
    this.before = look(work.data);
  }

  static async make(): Promise<World> {
    const vendor = await Vendor.open(new Date(FIRST_NOW));
    const work = await Workdir.make(vendor.sandbox);
    work.now = new Date(FIRST_NOW).toISOString();
    return new World(work, vendor);
  }

  async setNow(now: number): Promise<void> {
    this.now = now;
    this.work.now = new Date(now).toISOString();
    await this.vendor.clock(new Date(now));
  }

  today(): Day {
    return new Date(this.now).toISOString().slice(0, 10);
  }

  /** The last ten sessions: looked at in every run. */
  unsettled(day: Day): boolean {
    const before = SESSIONS.filter((session) => session < this.today());
    // Of the sessions before today, the tenth from the end is settled.
    return day > (before.at(-10) ?? '');
  }

  overdue(day: Day): boolean {
    return overdueAt(day) <= this.now;
  }

  tracked(seen: FolderSeen = this.before): ReadonlySet<string> {
    return new Set([...this.listed, ...seen.tracked].filter((ticker) => TICKERS.includes(ticker)));
  }

  /** The archive's bar of a ticker, as far as the day can be read. */
  archived(seen: FolderSeen, ticker: string, day: Day): Values | undefined {
    const version = this.versionIn(seen, day);
    return version === undefined ? undefined : bar(ticker, day, version);
  }

  versionIn(seen: FolderSeen, day: Day): number | undefined {
    const text = seen.archive.get(day);
    return text === undefined ? undefined : versionOf(day, text, this.vendor.newest(day));
  }

  /** Whether a value was the vendor's bar of that day, in whichever version. */
  wasVendors(ticker: string, day: Day, values: Values): boolean {
    for (let version = this.vendor.newest(day); version >= 0; version--)
      if (bar(ticker, day, version) === values) return true;
    return false;
  }

  /** The row is gone, or another one. */
  forget(key: string): void {
    for (const known of [this.users, this.excused]) known.delete(key);
  }

  /**
   * barloom cannot tell any more whose the rows of these tickers are: those that are not the archive's are
   * taken for the user's.
   */
  forgets(tickers: Iterable<string>): void {
    for (const ticker of tickers)
      for (const [day, values] of this.before.series.get(ticker)?.rows ?? []) {
        this.unsure.add(rowKey(ticker, day));
        if (this.archived(this.before, ticker, day) !== values) this.excused.add(rowKey(ticker, day));
      }
  }

  /**
   * A day of the archive is gone or spoilt: rows of it that are to be looked at again have nothing to be
   * compared with.
   */
  losesDay(day: Day): void {
    for (const ticker of TICKERS)
      if (this.unsure.has(rowKey(ticker, day))) this.excused.add(rowKey(ticker, day));
  }

  run(args: string, options: RunOptions = {}): Promise<Ended> {
    const verb = args.split(' ')[0];
    const asks =
      verb === 'populate' || verb === 'backfill' || verb === 'nightly' || args.includes('--repair');
    return this.work.verb(asks ? `${args} --endpoint ${this.vendor.sandbox.endpoint}` : args, options);
  }

  /** Takes the vendor and the folder away. */
  async end(): Promise<void> {
    await this.vendor.sandbox.close();
    await rm(this.work.root, { recursive: true, force: true, maxRetries: 3 });
  }

  see(): FolderSeen {
    return look(this.work.data);
  }
}
