/** The vendor of the model: which version of each day is published, and what may be read. */
import type { RunningSandbox } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';
import { keyOf } from '../../support/workdir.js';
import { type Day, dayObject, dueAt, SESSIONS } from './market.js';

/** Listed from the first, and 403 until the plan allows it. */
const DENIED: Day = '2024-05-21';
/** Not published in time. */
const LATE: Day = '2024-05-23';

interface Published {
  version: number;
  listed: boolean;
  denied: boolean;
  level: number;
}

export class Vendor {
  private readonly days = new Map<Day, Published>();
  readonly sandbox: RunningSandbox;

  private constructor(sandbox: RunningSandbox) {
    this.sandbox = sandbox;
  }

  static async open(now: Date): Promise<Vendor> {
    const sandbox = await startSandbox({ now, tickers: 0, denied: [{ end: DENIED }] });
    const vendor = new Vendor(sandbox);
    // The sandbox's own market gives way to the model's.
    for (
      let day = new Date('2024-05-01T00:00:00Z');
      day.toISOString() < '2024-07';
      day.setUTCDate(day.getUTCDate() + 1)
    ) {
      const name = day.toISOString().slice(0, 10);
      if (name !== DENIED) await sandbox.remove(keyOf(name));
    }
    await vendor.put(DENIED, 0, true);
    await vendor.clock(now, new Set([LATE]));
    return vendor;
  }

  /** Days that become due are published, but for those that are late. */
  async clock(now: Date, late: ReadonlySet<Day> = new Set()): Promise<void> {
    for (const day of SESSIONS)
      if (dueAt(day) <= now.getTime() && !this.days.has(day)) {
        if (late.has(day)) this.days.set(day, { version: 0, listed: false, denied: false, level: 6 });
        else await this.put(day, 0, false);
      }
  }

  of(day: Day): Readonly<Published> | undefined {
    return this.days.get(day);
  }

  /** The version that can be fetched. */
  current(day: Day): number | undefined {
    const published = this.days.get(day);
    return published?.listed === true && !published.denied ? published.version : undefined;
  }

  newest(day: Day): number {
    return this.days.get(day)?.version ?? 0;
  }

  listed(): readonly Day[] {
    return SESSIONS.filter((day) => this.days.get(day)?.listed === true);
  }

  replace(day: Day): Promise<void> {
    const old = this.days.get(day);
    return this.put(day, (old?.version ?? -1) + 1, old?.denied === true);
  }

  /** The same text in other bytes. */
  async recompress(day: Day): Promise<void> {
    const old = this.days.get(day);
    if (old === undefined) return;
    old.level = (old.level % 9) + 1;
    await this.put(day, old.version, old.denied, old.level);
  }

  async vanish(day: Day): Promise<void> {
    const old = this.days.get(day);
    if (old === undefined) return;
    await this.sandbox.remove(keyOf(day));
    this.days.set(day, { ...old, listed: false, denied: false });
  }

  /** What was late, or had vanished, comes. */
  async publish(day: Day): Promise<void> {
    await this.put(day, this.newest(day), false);
  }

  async allow(): Promise<void> {
    for (const [day, { denied, version, listed }] of this.days)
      if (denied && listed) {
        await this.sandbox.remove(keyOf(day));
        await this.put(day, version, false);
      }
  }

  private async put(day: Day, version: number, denied: boolean, level = 6): Promise<void> {
    const before = this.days.get(day);
    const first = before === undefined || !before.listed;
    // Later than any copy that was made of what stood there before: the files' times are real ones.
    const at =
      first && version === 0
        ? new Date('2024-06-01T00:00:00Z')
        : new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
    const bytes = dayObject(day, version, level);
    await this.sandbox.replace(keyOf(day), bytes, at);
    this.days.set(day, { version, listed: true, denied, level });
  }
}
