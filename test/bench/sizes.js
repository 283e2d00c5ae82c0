/**
 * A day of every dataset in the archive, beside gzip's usual level of the same text: how large, and how long its members take to make. Of the
 * sandbox's days and of fixtures/rows, at most MOST_TEXT of each. CPU time, the least of three.
 *
 *   node test/bench/sizes.js         (a section of npm run bench too)
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { datasets } from '#market/datasets/all.js';
import { indexDay } from '#market/records/day-index.js';
import { sandboxDatasets } from '#sandbox/market/datasets.js';
import { dayText } from '#sandbox/market/generator.js';
import { MAX_MEMBER, MAX_MEMBER_TEXT } from '#store/archive/bgzf.js';
import { writeMember } from '#store/archive/bgzf-write.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { LAST_DAY, NOW } from './market.js';

const MOST_TEXT = 4e6;
const MOST_RATIO = 1.03;
const ROWS = path.join(import.meta.dirname, '..', '..', 'fixtures', 'rows');
const target = Buffer.allocUnsafeSlow(2 * MAX_MEMBER);

export function sizesText() {
  const generators = sandboxDatasets({
    ...{ seed: 1, tickers: 11_500, now: new Date(NOW), trueDays: 0, trueRows: 0 },
  });
  const days = [
    ...generators.map((generator) => [
      [...datasets.values()].find(({ prefix }) => prefix === generator.prefix),
      '',
      () => dayText(generator, LAST_DAY),
    ]),
    ...readdirSync(ROWS).map((file) => [
      datasets.get(file.replace('.csv.gz', '')),
      ', fixture',
      () => gunzipSync(readFileSync(path.join(ROWS, file))),
    ]),
  ];
  const lines = days
    .filter(([dataset]) => dataset !== undefined)
    .map(([dataset, more, textOf]) => lineOf(dataset, more, some(textOf())));
  return [
    'a day in the archive, beside gzip -6 of the same text (kB; MB/s of text, CPU time of one thread)',
    '',
    'dataset                      text     gzip  archive  ratio  gzip -6  own  faster',
    ...lines,
    `\nratio: at most ${MOST_RATIO}`,
  ].join('\n');
}

function some(text) {
  return text.length <= MOST_TEXT ? text : text.subarray(0, text.lastIndexOf(10, MOST_TEXT) + 1);
}

function lineOf({ name, records, memberForm }, more, text) {
  const index = indexDay(text, { records });
  const own = buildArchive(index, memberForm).bytes.length;
  const gzip = gzipSync(text, { level: 6 }).length;
  const members = (make) => () => {
    for (let at = 0; at < text.length; at += MAX_MEMBER_TEXT) make(text.subarray(at, at + MAX_MEMBER_TEXT));
  };
  const zlibSpeed = text.length / cpuOf(members((part) => deflateRawSync(part, { level: 6 })));
  const ownSpeed = text.length / cpuOf(members((part) => writeMember(part, memberForm.search, target, 0)));
  const kB = (bytes) => String(Math.round(bytes / 1000)).padStart(8);
  return [
    `${name}${more}`.padEnd(25) + kB(text.length),
    kB(gzip),
    kB(own),
    (own / gzip).toFixed(3).padStart(6),
    zlibSpeed.toFixed(0).padStart(8),
    ownSpeed.toFixed(0).padStart(4),
    (ownSpeed / zlibSpeed).toFixed(1).padStart(7),
  ].join(' ');
}

/** µs. */
function cpuOf(work) {
  const times = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.max(1, Math.min(...times));
}

if (process.argv[1] === import.meta.filename) process.stdout.write(`${sizesText()}\n`);
