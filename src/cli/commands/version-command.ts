/** `barloom version`: what --version prints. */
import type { CommandRunner } from '#cli/invocation.js';
import { version } from '#cli/version.js';
import { EXIT } from '#tasks/exit-code.js';

export const versionCommand: CommandRunner = async ({ environment }) => {
  environment.stdout(`${version()}\n`);
  return EXIT.ok;
};
