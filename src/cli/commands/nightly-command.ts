/** `barloom nightly`: what cron runs every night. */

import type { Invocation } from '#cli/invocation.js';
import { keepUp } from '#cli/run/nightly-run.js';
import { joined } from '#cli/run/several-datasets.js';
import { unattended } from '#cli/run/unattended.js';
import { mostSevere } from '#tasks/exit-code.js';

export function nightlyCommand(invocation: Invocation): Promise<number> {
  return unattended('nightly', invocation, async (tools) => {
    const nights = await keepUp(tools);
    return {
      exitCode: mostSevere(nights.map(({ exitCode }) => exitCode)),
      text: nights.map(({ line }) => line ?? '').join(''),
      message: joined(nights.map(({ message }) => message)),
      document: { datasets: nights.flatMap(({ document }) => document ?? []) },
    };
  });
}
