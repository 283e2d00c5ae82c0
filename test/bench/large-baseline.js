/**
 * The least that the machine needs for a large day: gunzip and deflate of the same bytes, spread over the processors. One thread of zlib gunzips;
 * the others compress what comes, member by member, with zlib's level 6, which makes files of about the archive's size, or with the archive's own
 * encoder. Nothing is split or kept.
 *
 *   node large-baseline.js FILE zlib|own
 */
import { createReadStream } from 'node:fs';
import os from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createGunzip, deflateRawSync } from 'node:zlib';
import { MAX_MEMBER, MAX_MEMBER_TEXT } from '#store/archive/bgzf.js';
import { writeMember } from '#store/archive/bgzf-write.js';

const PIECE = 32 * MAX_MEMBER_TEXT;

if (isMainThread) await compressAll(process.argv[2], process.argv[3]);
else {
  const target = Buffer.allocUnsafeSlow(2 * MAX_MEMBER);
  const compress =
    workerData === 'own'
      ? (text, start, end) => writeMember(text.subarray(start, end), 'everywhere', target, 0)
      : (text, start, end) => deflateRawSync(text.subarray(start, end), { level: 6 }).length;
  parentPort.on('message', (text) => {
    let bytes = 0;
    for (let at = 0; at < text.length; at += MAX_MEMBER_TEXT)
      bytes += compress(text, at, Math.min(at + MAX_MEMBER_TEXT, text.length));
    parentPort.postMessage(bytes);
  });
}

async function compressAll(file, encoder) {
  const threads = Array.from(
    { length: os.availableParallelism() },
    () => new Worker(import.meta.filename, { workerData: encoder }),
  );
  const idle = [...threads];
  let waiting;
  let underWay = 0;
  let bytes = 0;
  for (const thread of threads) {
    thread.on('message', (made) => {
      bytes += made;
      underWay--;
      idle.push(thread);
      waiting?.();
    });
  }
  const turn = () =>
    new Promise((resolve) => {
      waiting = resolve;
    });
  const send = async (text) => {
    while (idle.length === 0) await turn();
    underWay++;
    idle.pop().postMessage(text, [text.buffer]);
  };
  let piece = new Uint8Array(PIECE);
  let length = 0;
  let textBytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }).pipe(
    createGunzip({ chunkSize: 1 << 18 }),
  )) {
    textBytes += chunk.length;
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + PIECE - length);
      piece.set(part, length);
      length += part.length;
      at += part.length;
      if (length < PIECE) break;
      await send(piece);
      piece = new Uint8Array(PIECE);
      length = 0;
    }
  }
  if (length > 0) await send(piece.slice(0, length));
  while (underWay > 0) await turn();
  for (const thread of threads) await thread.terminate();
  process.stdout.write(JSON.stringify({ textBytes, bytes }));
}
