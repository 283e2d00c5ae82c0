/** `barloom report`: what is here and whether it can be trusted, or a ticker's chart, as a page in one file. */
import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Invocation } from '#cli/invocation.js';
import { datasetsOfFolder } from '#cli/options/held-datasets.js';
import { LOG_NAME, ownPlace, REPORT_NAME } from '#cli/options/own-files.js';
import { bytes } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { folderPage } from '#cli/report/folder-html.js';
import { htmlPage, type Page } from '#cli/report/html.js';
import { tickerPage } from '#cli/report/ticker-html.js';
import { tickerReport } from '#cli/report/ticker-report.js';
import { type CommandContext, commandContext, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { version } from '#cli/version.js';
import { openOutput } from '#platform/disk/output-file.js';
import { packageFile } from '#platform/package-file.js';
import { datasetsHere } from '#store/archive/datasets-here.js';
import { readAllTracked } from '#store/lists/all-tracked.js';
import { folderReport } from '#tasks/report/folder-report.js';

/** Of the log's end. */
const LOG_BYTES = 4 << 20;

export function reportCommand(invocation: Invocation): Promise<number> {
  return reported('report', invocation, () => report(invocation));
}

/** Also as a step of nightly and sync. */
export async function report(invocation: Invocation): Promise<CommandResult> {
  const { args, flags, environment } = invocation;
  const [ticker, ...others] = args;
  if (others.length > 0) throw new UsageError('A report is of one ticker, or of the folder.');
  const context = await commandContext(invocation);
  requireData(context);
  const file = path.resolve(
    environment.cwd,
    String(
      flags['output'] ?? (ticker === undefined ? REPORT_NAME : `${ticker.replace(/[^\w.-]/g, '_')}.html`),
    ),
  );
  const refusal = ownPlace(file, context.layout);
  if (refusal !== undefined) throw new UsageError(refusal);
  const page =
    ticker === undefined ? await ofFolder(context, invocation) : await ofTicker(ticker, context, invocation);
  const text = htmlPage(page, {
    script: await readFile(packageFile('#package/dist/bundle/report-page.js'), 'utf8'),
    style: await readFile(packageFile('#package/dist/bundle/report-page.css'), 'utf8'),
  });
  const output = await openOutput(file);
  await environment.tidied(output.drop, async () => {
    try {
      await output.write(text);
      await output.finish();
    } catch (error) {
      await output.abandon();
      throw error;
    }
  });
  if (flags['open'] === true) openInBrowser(file, environment.stderr);
  const size = Buffer.byteLength(text);
  return {
    exitCode: 0,
    text: `${safeText(file)}: ${bytes(size)}\n`,
    document: { file, bytes: size },
  };
}

async function ofFolder(context: CommandContext, { flags, environment }: Invocation): Promise<Page> {
  const { layout, settings, now } = context;
  const held = datasetsHere(layout);
  const request = {
    layout,
    datasets: flags['dataset'] === undefined ? undefined : await datasetsOfFolder(context, flags, 'report'),
    tracked: await readAllTracked(layout.dataDir, settings.texts('tickerFiles'), environment.cwd),
    log: await endOf(
      path.resolve(layout.dataDir, settings.text('logFile') ?? path.join(layout.dataDir, LOG_NAME)),
    ),
    now,
  };
  const facts = await folderReport(request, (name) => held.find((dataset) => dataset.name === name));
  return folderPage(facts, version());
}

async function ofTicker(ticker: string, context: CommandContext, invocation: Invocation): Promise<Page> {
  return tickerPage(await tickerReport(ticker, context, invocation), version(), context.now.toISOString());
}

/** '' where there is none, or it is no file. */
async function endOf(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - LOG_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** What opens a page, by platform. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

function openInBrowser(file: string, stderr: (text: string) => void): void {
  const [program = 'xdg-open', ...before] = OPENERS[process.platform] ?? [];
  const child = spawn(program, [...before, pathToFileURL(file).href], { detached: true, stdio: 'ignore' });
  child.on('error', () =>
    stderr(`barloom: there is no ${program} to open it with: open ${safeText(file)}\n`),
  );
  child.unref();
}
