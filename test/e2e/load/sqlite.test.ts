/** `load` into SQLite files, which SQLite's own shell reads. */
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../support/others.js';
import { manyDays, sqlitePlaces, weekdays } from './place.js';
import { loadPromises } from './promises.js';

describeWith("SQLite's shell", () => {
  const make = sqlitePlaces();
  loadPromises(make);

  it('a file that is no database is refused by name, and stays as it is', async () => {
    const { work, load } = await make();
    await manyDays(work, weekdays(1), 2);
    const file = path.join(work.root, 'market.db');
    await writeFile(file, 'my notes, which are longer than the header of a database is\n'.repeat(20));
    const { code, stderr } = await load();
    expect(code).toBe(2);
    expect(stderr).toContain('it is no SQLite database');
    expect(statSync(file).size).toBe(60 * 20);
  });

  it('two loads into one file at once: no row is lost or there twice, and who comes second is told', async () => {
    const place = await make();
    await manyDays(place.work, weekdays(6), 300);
    for (const indexes of ['drop', 'keep']) {
      const both = await Promise.all([1, 2].map(() => place.spawn(`--batch-size 20 --indexes ${indexes}`)));
      for (const { code, stderr } of both)
        if (code !== 0) {
          expect(code).toBe(11);
          expect(stderr).toMatch(/another load of stocks_daily is going on|another program is writing/);
        }
      expect((await place.load()).code).toBe(0);
      expect(await place.sql('SELECT count(*), count(DISTINCT symbol || date) FROM stocks_daily')).toBe(
        '1800|1800',
      );
      expect(await place.sql('SELECT count(*) FROM barloom_indexes')).toBe('0');
      await place.sql('DROP TABLE stocks_daily');
    }
  });

  it('a folder that is not there is 6, and so is a disk that is full: then the next load goes on', async () => {
    const place = await make();
    const { work } = place;
    await manyDays(work, weekdays(10), 400);
    const nowhere = await work.verb('load --to sqlite:none/market.db');
    expect(nowhere.code).toBe(6);
    const full = await place.spawn('--batch-size 100', {
      within: ['sh', '-c', 'ulimit -f 400; exec "$@"', 'sh'],
    });
    expect(full.stderr).toMatch(/full|cannot be (read or )?written/);
    expect(full.code).toBe(6);
    expect((await place.load()).code).toBe(0);
    expect(await place.sql('SELECT count(*) FROM stocks_daily')).toBe('4000');
    expect(await place.sql('PRAGMA integrity_check')).toBe('ok');
  });
});
