/** `barloom nightly`: what cron runs every night: the days, then the other steps of barloom.json's list. */

import type { Invocation } from '#cli/invocation.js';
import { keepingAdjusted } from '#cli/run/keep-adjusted.js';
import { keepUp } from '#cli/run/nightly-run.js';
import { joined } from '#cli/run/several-datasets.js';
import { isLater, runLaterSteps, stepsDocument, stepsLine, stepsOf } from '#cli/run/steps.js';
import { unattended } from '#cli/run/unattended.js';
import { endsTheNight, mostSevere } from '#tasks/exit-code.js';

export function nightlyCommand(invocation: Invocation): Promise<number> {
  return unattended('nightly', invocation, (tools) =>
    keepingAdjusted(invocation, async () => {
      const later = stepsOf(tools.context.settings, ['populate']).filter(isLater);
      const nights = await keepUp(tools);
      const codes = nights.map(({ exitCode }) => exitCode);
      const names = nights.map(({ planned }) => planned.dataset.name);
      const quiet = { ...invocation, flags: { ...invocation.flags, quiet: true } };
      const stepTools = { invocation: quiet, log: tools.log };
      const steps = endsTheNight(mostSevere(codes)) ? [] : await runLaterSteps(later, names, stepTools);
      return {
        exitCode: mostSevere([...codes, ...steps.map(({ exit_code }) => exit_code)]),
        text:
          nights.map(({ line }) => line ?? '').join('') +
          (steps.length > 0 ? `nightly: ${stepsLine(steps)}\n` : ''),
        message: joined([...nights, ...steps].map(({ message }) => message)),
        document: {
          datasets: nights.flatMap(({ document }) => document ?? []),
          ...(later.length > 0 ? { steps: stepsDocument(steps) } : {}),
        },
      };
    }),
  );
}
