/** `barloom nightly`: what cron runs every night. */
import { mostSevere } from '../nightly/severity.js';
import type { Invocation } from './invocation.js';
import { keepUp } from './nightly-run.js';
import { joined } from './several-datasets.js';
import { unattended } from './unattended.js';

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
