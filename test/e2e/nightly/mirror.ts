/**
 * A vendor in a folder, where files come late, are replaced and are broken; and a data folder that nightly
 * keeps up.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { nyse } from '#market/calendar/nyse.js';
import { barLine, type Ended, HEADER, keyOf, type RunOptions, Workdir } from '../../support/workdir.js';

export class Mirror {
  readonly work: Workdir;
  private readonly folder: string;

  private constructor(work: Workdir) {
    this.work = work;
    this.folder = path.join(work.root, 'vendor');
    work.endpoint = `file:${this.folder}`;
  }

  static async make(): Promise<Mirror> {
    const mirror = new Mirror(await Workdir.make());
    await mkdir(mirror.folder);
    return mirror;
  }

  /** The session's file: AAPL at so many dollars, and a ticker that nobody asks for. */
  async publish(day: string, dollars = 10): Promise<void> {
    await this.put(day, gzipSync(HEADER + barLine('AAPL', dollars) + barLine('OTHER', 5)));
  }

  async publishAll(start: string, end: string, but: readonly string[] = []): Promise<void> {
    for (const day of nyse.sessions(start, end)) if (!but.includes(day)) await this.publish(day);
  }

  async put(day: string, content: Uint8Array): Promise<void> {
    const file = path.join(this.folder, 'flatfiles', keyOf(day));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  nightly(args: readonly string[] = [], options: RunOptions = {}): Promise<Ended> {
    return this.keep('nightly', args, options);
  }

  keep(verb: 'nightly' | 'weekly', args: readonly string[] = [], options: RunOptions = {}): Promise<Ended> {
    const where = ['--data-dir', this.work.data, '--endpoint', this.work.endpoint ?? ''];
    return this.work.run([verb, ...where, ...args], options);
  }

  log(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.work.read('barloom.log').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}
