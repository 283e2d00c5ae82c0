/** `barloom ingest`: populate --archive-only, then lake build, of the same datasets and days. */
import type { Invocation } from '#cli/invocation.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { joined } from '#cli/run/several-datasets.js';
import { UsageError } from '#cli/usage-error.js';
import { EXIT, mostSevere } from '#tasks/exit-code.js';
import { lakeBuild } from './lake-build-command.js';
import { populateWith } from './populate-command.js';

export function ingestCommand(invocation: Invocation): Promise<number> {
  return reported('ingest', invocation, () => ingest(invocation));
}

async function ingest(invocation: Invocation): Promise<CommandResult> {
  const { flags } = invocation;
  const { maxConcurrent, ...rest } = flags;
  if (maxConcurrent !== undefined && rest['concurrency'] !== undefined)
    throw new UsageError('Give only one of --max-concurrent and --concurrency.');
  const concurrency = maxConcurrent ?? rest['concurrency'];
  const given = { ...rest, archiveOnly: true, ...(concurrency === undefined ? {} : { concurrency }) };
  const fetched = await populateWith({ ...invocation, flags: given });
  // Whatever came is built, also where some days did not; what stops a download for good would stop this too.
  if (!GOES_ON.has(fetched.exitCode)) return fetched;
  const built = await lakeBuild({ ...invocation, flags: { dataset: 'stocks_daily', ...rest } });
  return {
    exitCode: mostSevere([fetched.exitCode, built.exitCode]),
    message: joined([fetched.message, built.message]),
    text: `${fetched.text ?? ''}\n${built.text ?? ''}`,
    document: { ...fetched.document, lake: built.document?.['datasets'] ?? [] },
  };
}

const GOES_ON: ReadonlySet<number> = new Set([EXIT.ok, EXIT.incomplete, EXIT.notEntitled, EXIT.network]);
