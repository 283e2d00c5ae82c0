/** One measured run of a Node process: wall seconds from spawn to exit, CPU seconds and peak resident memory. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { NOW } from './market.js';

const PEAK_HOOK = path.join(import.meta.dirname, 'peak.cjs');
const LONGEST_MS = 600_000;

/**
 * `args`: script and arguments. Resolves to `{ seconds, cpuSeconds, peakBytes, stdout }`; rejects where the process does not end with 0,
 * with the end of what it said.
 */
export function runNode(args, { cwd, env, peakFile, longestMs = LONGEST_MS }) {
  return new Promise((resolve, reject) => {
    rmSync(peakFile, { force: true });
    const begun = process.hrtime.bigint();
    const child = spawn(process.execPath, ['--require', PEAK_HOOK, ...args], {
      cwd,
      env: { ...env, BENCH_PEAK_FILE: peakFile },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longestMs,
      killSignal: 'SIGKILL',
    });
    let seconds = 0;
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('exit', () => {
      seconds = Number(process.hrtime.bigint() - begun) / 1e9;
    });
    child.on('close', (code, signal) => {
      if (code === 0) {
        resolve({ seconds, ...JSON.parse(readFileSync(peakFile, 'utf8')), stdout });
        return;
      }
      const said = `${stderr}\n${stdout}`.trim().split('\n').slice(-5).join('\n');
      reject(new Error(`node ${args.join(' ')} ended with ${signal ?? code}:\n${said}`));
    });
  });
}

/** For the measured processes: this one's, without what would steer them, with a home folder of their own, which is made. */
export function cleanEnvironment(home, credentials) {
  mkdirSync(home);
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(AWS|BARLOOM|NODE_OPTIONS|XDG)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    BARLOOM_NOW: NOW,
  };
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
