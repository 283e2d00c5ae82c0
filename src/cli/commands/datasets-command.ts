/** `barloom datasets`: what there is to be had, what of it is here, and what the keys may read. */
import { existsSync } from 'node:fs';
import type { Invocation } from '#cli/invocation.js';
import { catalogText } from '#cli/output/catalog-text.js';
import { newLiveText } from '#cli/output/live-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { openConnection } from '#cli/run/connection.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { datasets as knownDatasets } from '#market/datasets/all.js';
import { withDataFolder } from '#store/folder/open.js';
import { accessTo } from '#tasks/catalog/access.js';
import { catalogOf } from '#tasks/catalog/catalog.js';

export function datasetsCommand(invocation: Invocation): Promise<number> {
  return reported('datasets', invocation, () => datasetsWith(invocation));
}

async function datasetsWith(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation, 'anywhere');
  const { now } = context;
  const datasets =
    flags['dataset'] === undefined ? [...knownDatasets.values()] : [...context.datasets, ...context.leftOut];
  const connection = flags['offline'] === true ? undefined : await openConnection(context, invocation);
  try {
    const unasked =
      connection === undefined
        ? '--offline'
        : connection.missingKeys === undefined
          ? undefined
          : 'there are no keys';
    let asked = 0;
    const live =
      environment.liveTerminal && !context.json && unasked === undefined
        ? newLiveText({ write: environment.stderr, columns: environment.columns, clock: environment.clock })
        : undefined;
    const source = unasked === undefined ? await connection?.openSource() : undefined;
    try {
      const entries = await withFolder(context, (folder) =>
        catalogOf(
          datasets,
          folder,
          source === undefined || connection === undefined
            ? undefined
            : async (dataset) => {
                live?.show(
                  `asking what the keys may read: ${++asked} of ${datasets.length}, ${dataset.name}`,
                );
                return accessTo(dataset, source, connection.retry, { now, signal: environment.signal });
              },
        ),
      );
      return { exitCode: 0, text: catalogText(entries, unasked), document: { datasets: entries } };
    } finally {
      live?.end();
      source?.close();
    }
  } finally {
    await connection?.close();
  }
}

/** Undefined where there is no data folder yet: that is no mistake here. */
async function withFolder<T>(
  { layout, now, adoptSource }: CommandContext,
  body: (folder: Parameters<typeof catalogOf>[1]) => Promise<T>,
): Promise<T> {
  if (!existsSync(layout.dataDir)) return body(undefined);
  return withDataFolder({ layout, access: 'read', command: 'datasets', now, adoptSource }, body);
}
