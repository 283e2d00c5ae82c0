/**
 * What the commands about the lake share: how much memory and how many threads the database may have, and
 * under what name they work.
 */
import os from 'node:os';
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { UsageError } from '#cli/usage-error.js';
import type { LakeTools } from '#tasks/lake/open-lake.js';
import type { CommandContext } from './context.js';

/**
 * What a build takes at most where nothing else is said: it works file by file, and more is of no use to it.
 */
const BUILD_BYTES = 256e6;

export function lakeTools(command: string, context: CommandContext, invocation: Invocation): LakeTools {
  const { flags, environment } = invocation;
  return {
    layout: context.layout,
    command,
    now: context.now,
    ...lockChoice(invocation),
    memoryBytes: memoryOption(flags['memory']) ?? BUILD_BYTES,
    threads: context.settings.count('workers', Math.min(4, environment.parallelism)),
    signal: environment.signal,
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1e6, K: 1e3, M: 1e6, G: 1e9 };

/** `512M`, `2G`, `2GB`; a number alone is megabytes. Undefined where it is not given. Throws UsageError. */
export function memoryOption(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*([KMG]?)i?B?$/i.exec(String(given).trim());
  const bytes = Number(match?.[1]) * (UNITS[(match?.[2] ?? '').toUpperCase()] ?? Number.NaN);
  if (!(bytes >= 64e6))
    throw new UsageError(
      `--memory must be an amount of 64M or more, such as 512M or 2G, not ${String(given)}.`,
    );
  return bytes;
}

/** Half of what is free. */
export function halfOfFree(): number {
  return Math.max(256e6, os.freemem() / 2);
}
