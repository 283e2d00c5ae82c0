/** The settings of lock-line.js, and what its log tells: that nobody got a lock that somebody alive had. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'vitest';

export interface LockLine {
  /** Folder in which those who stand at the line say so; made here. */
  readonly line?: string;
  readonly log?: string;
  /** Up to so long before each file call of the lock. */
  readonly jitterMs?: number;
  /** SIGKILL before this file call of the lock, from 1. */
  readonly dieAt?: number;
}

const HOOK = pathToFileURL(fileURLToPath(new URL('./locks/lock-line.js', import.meta.url))).href;

/** For RunOptions' env. */
export function atLine(settings: LockLine): Readonly<Record<string, string>> {
  if (settings.line !== undefined) mkdirSync(settings.line, { recursive: true });
  return { NODE_OPTIONS: `--import=${HOOK}`, BARLOOM_LOCK_LINE: JSON.stringify(settings) };
}

/** Lets them go once `runs` of them stand at the line, or have ended before it. */
export async function start(line: string, runs: number, ended: () => number): Promise<void> {
  await standAt(line, runs, ended);
  writeFileSync(path.join(line, 'go'), '');
}

async function standAt(line: string, runs: number, ended: () => number): Promise<void> {
  const standing = (): number => readdirSync(line).filter((name) => name.startsWith('ready-')).length;
  while (standing() + ended() < runs) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Carries `act` out while one run stands at the line, then lets that one go. */
export async function whileStanding<T>(line: string, ended: () => number, act: () => Promise<T>): Promise<T> {
  await standAt(line, 1, ended);
  const result = await act();
  writeFileSync(path.join(line, 'go'), '');
  return result;
}

export interface LockEvent {
  readonly what: 'got' | 'gave' | 'died';
  /** The folder. */
  readonly lock: string;
  readonly pid: number;
}

export function lockEvents(log: string): readonly LockEvent[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as LockEvent);
}

/** Each lock was free, or its holder dead, whenever somebody got it. */
export function neverTwo(events: readonly LockEvent[]): void {
  const holders = new Map<string, number>();
  const dead = new Set<number>();
  for (const { what, lock, pid } of events) {
    const holder = holders.get(lock);
    if (what === 'died') dead.add(pid);
    else if (what === 'gave') {
      expect(holder, `${pid} gives back a lock`).toBe(pid);
      holders.delete(lock);
    } else {
      if (holder !== undefined && !dead.has(holder))
        expect.fail(`${pid} got the lock of ${lock}, which ${holder} holds`);
      holders.set(lock, pid);
    }
  }
}
