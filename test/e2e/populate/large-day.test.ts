/** A day of minutes of its true size: memory does not grow with it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { HEADER, Workdir } from '../../support/workdir.js';

const DAY = '2024-06-12';
const TICKERS = 4_700;
const MINUTES = 390;

/** 1.83 million rows, 150 MB. */
function trueSizeDay(): Buffer {
  const open = Date.parse(`${DAY}T13:30:00Z`) / 1000;
  const prices = (m: number): string =>
    [100, 100.25, 101, 99].map((price) => (price + m / 7).toFixed(6)).join(',');
  const rests = Array.from(
    { length: MINUTES },
    (_, m) => `${1000 + 7 * m}.123456,${prices(m)},${open + 60 * m}000000000,${m}\n`,
  );
  const parts = [Buffer.from(HEADER)];
  for (let t = 0; t < TICKERS; t++) {
    const ticker = `T${String(t).padStart(4, '0')},${t}`;
    parts.push(Buffer.from(rests.map((rest) => ticker + rest).join('')));
  }
  return Buffer.concat(parts);
}

it.runIf(process.platform === 'linux')(
  'a day of 1.83 million rows stays below 240 MB of memory, and gives its tickers',
  async () => {
    const work = await Workdir.make();
    const key = `us_stocks_sip/minute_aggs_v1/2024/06/${DAY}.csv.gz`;
    const file = path.join(work.root, 'mirror', 'flatfiles', key);
    mkdirSync(path.dirname(file), { recursive: true });
    // Quick to make, and as long as a true one.
    writeFileSync(file, gzipSync(trueSizeDay(), { level: 1, strategy: constants.Z_HUFFMAN_ONLY }));
    work.endpoint = `file:${path.join(work.root, 'mirror')}`;
    let peak = 0;
    let timer: NodeJS.Timeout | undefined;
    const { code, stderr } = await work.populate(
      `-t stocks_minute --start ${DAY} --end ${DAY} --tickers T0000,T4699 --workers 2`,
      {
        onStart: ({ pid }) => {
          timer = setInterval(() => {
            try {
              const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
              peak = Math.max(peak, Number(kib ?? 0) * 1024);
            } catch {
              // It has ended.
            }
          }, 20);
        },
      },
    );
    clearInterval(timer);
    expect(code, stderr).toBe(0);
    for (const ticker of ['T0000', 'T4699'])
      expect(work.read('data_cache', `${ticker}_1m_data.csv`).split('\n')).toHaveLength(MINUTES + 2);
    // It is measured at 160 to 205 MB; what grew with the day would be far more.
    expect(peak / 1e6).toBeLessThan(240);
  },
);
