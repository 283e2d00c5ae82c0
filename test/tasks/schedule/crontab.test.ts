/** Entries come and go; what others wrote stays byte for byte. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cronEntry, isSilenced, withEntry, withoutEntry } from '#tasks/schedule/crontab.js';
import { type Job, jobId } from '#tasks/schedule/job.js';
import { systemdUnits } from '#tasks/schedule/systemd.js';

const machine = { zone: 'Europe/Berlin', today: '2026-11-20' };

function job(dataDir: string, verb: Job['verb'] = 'nightly', hour = 11): Job {
  return {
    verb,
    dataDir,
    command: ['/usr/bin/node', '/opt/barloom/bin/barloom.js', verb, '--data-dir', dataDir],
    searchPath: '/usr/bin:/bin',
    at: { hour, minute: 30 },
    zone: 'America/New_York',
    city: 'New York',
  };
}

/**
 * Crontabs as people leave them: comments, blanks, what looks like ours, lines of any bytes, with or without
 * a last line feed.
 */
const foreign = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.constantFrom(
          '',
          '# barloom nightly',
          '@reboot x',
          'MAILTO=a@b',
          '0 5 * * 1 tar zcf a\\%b # weekly',
        ),
        fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '')),
      ),
    ),
    fc.boolean(),
  )
  .map(([lines, ended]) => lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''));

const folders = fc.uniqueArray(
  fc.string({ minLength: 1 }).map((name) => `/data/${name}`),
  {
    minLength: 2,
    maxLength: 4,
  },
);

it('install and remove leave every other entry as it was; twice is once', () => {
  fc.assert(
    fc.property(foreign, folders, fc.integer({ min: 0, max: 23 }), (before, [mine = '', ...others], hour) => {
      const [mark, entry] = [jobId(job(mine)), cronEntry(job(mine), machine)];
      // Side by side with those of other folders, and with the same folder's weekly one.
      const full = [...others.map((folder) => job(folder)), job(mine, 'weekly')].reduce(
        (text, other) => withEntry(text, cronEntry(other, machine), jobId(other)),
        before,
      );
      const once = withEntry(full, entry, mark);
      expect(withEntry(once, entry, mark)).toBe(once);
      expect(once.startsWith(full)).toBe(true);
      const later = withEntry(once, cronEntry(job(mine, 'nightly', hour), machine), mark);
      expect(later.split('\n').filter((line) => line.endsWith(` # ${mark}`))).toHaveLength(1);
      const end = full === '' || full.endsWith('\n') ? full : `${full}\n`;
      expect(withoutEntry(later, mark)).toBe(end);
    }),
  );
});

it('never below what changes the hour or the shell, and an older one is moved above it', () => {
  const [mark, entry] = [jobId(job('/d')), cronEntry(job('/d'), machine)];
  const [above, below] = [
    'MAILTO=""\n0 1 * * * x\n',
    'SHELL=/usr/bin/fish\nCRON_TZ=Asia/Tokyo\n30 9 * * 1-5 y\n',
  ];
  expect(withEntry(above + below, entry, mark)).toBe(above + entry + below);
  expect(withEntry(above + below + entry, entry, mark)).toBe(above + entry + below);
  expect(withEntry(`${entry}${below}`, entry, mark)).toBe(entry + below);
  expect(withEntry('TZ=UTC', entry, mark)).toBe(`${entry}TZ=UTC`);
  expect(isSilenced(above + entry + below, mark)).toBe(true);
  expect(isSilenced(entry + above, mark)).toBe(false);
  expect(isSilenced(`MAILTO=\nMAILTO=me@x\n${entry}`, mark)).toBe(false);
});

it('what was written between the lines of an entry outlives it, and an entry moves nowhere when it is replaced', () => {
  const [mark, entry] = [jobId(job('/d')), cronEntry(job('/d'), machine)];
  const [first = '', ...rest] = entry.split('\n');
  const edited = `A=1\n${first}\n5 5 * * * mine\n${rest.join('\n')}B=2\n`;
  expect(withoutEntry(edited, mark)).toBe('A=1\n5 5 * * * mine\nB=2\n');
  expect(withEntry(edited, entry, mark)).toBe(`A=1\n${entry}5 5 * * * mine\nB=2\n`);
});

/** What a cron hands to the shell: up to the first % that is not escaped. Debian's makes one of two backslashes. */
function asCronReads(line: string, collapses: boolean): string {
  let text = '';
  for (let i = 0; i < line.length; i++) {
    const [character = '', next = ''] = [line[i], line[i + 1]];
    if (character === '%') return text;
    const dropsEscape = character === '\\' && (next === '%' || (collapses && next === '\\'));
    text += dropsEscape ? next : character;
    if (character === '\\' && !dropsEscape) text += next;
    if (character === '\\') i++;
  }
  return text;
}

it('every cron hands the shell the very words, whatever characters they hold', () => {
  const word = fc.string({ unit: fc.constantFrom('a', '\\', '%', "'", '"', '$', ' '), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.boolean(), (words, collapses) => {
      const printing = { ...job('/'), command: ['printf', '[%s]\\n', ...words] };
      const line = cronEntry(printing, machine).trimEnd().split('\n').at(-1) ?? '';
      const shell = asCronReads(line.split(' ').slice(5).join(' '), collapses).replace(' >/dev/null', '');
      const { stdout } = spawnSync('/bin/sh', ['-c', shell], { encoding: 'utf8' });
      expect(stdout).toBe(words.map((text) => `[${text}]\n`).join(''));
    }),
    { numRuns: 40 },
  );
});

it('a folder whose name ends in a backslash continues no line of a unit', () => {
  for (const { text } of systemdUnits(job('/data/a\\'))) expect(text).not.toMatch(/\\$/m);
  expect(systemdUnits(job('/data/a\\'))[0].text).toContain('\nWorkingDirectory=/data/a\\/\n');
});
