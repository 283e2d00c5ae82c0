/**
 * The datasets of a command that looks at a folder: those that are named, else every one that the folder
 * holds. A pattern means those of the folder that fit it, trades and quotes too.
 */
import { existsSync } from 'node:fs';
import { type CommandContext, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { datasetsHere } from '#store/archive/datasets-here.js';
import { openArchive } from '#store/archive/store.js';
import { withDataFolder } from '#store/folder/open.js';
import { layerFolder } from '#store/lake/layout.js';
import { heldTables } from '#store/tables/layout.js';
import { heldDatasets as heldIn } from '#tasks/status/held-datasets.js';
import { datasetsFitting, namesPattern } from './dataset-names.js';

type Flags = Readonly<Record<string, unknown>>;

/** `of`: in the archive, or in the archive or the lake. Throws UsageError where there is none. */
export function heldDatasets(
  context: CommandContext,
  flags: Flags,
  of: 'archive' | 'either',
): readonly Dataset[] {
  const { layout } = context;
  return chosen(context, flags, () =>
    datasetsHere(layout).filter(
      (dataset) =>
        openArchive(layout, dataset).days().length > 0 ||
        (of === 'either' && existsSync(layerFolder(layout, 'bronze', dataset.name))),
    ),
  );
}

/** In the archive, as series, or recorded. Throws UsageError where there is none, or what opening throws. */
export async function datasetsOfFolder(
  context: CommandContext,
  flags: Flags,
  command: string,
): Promise<readonly Dataset[]> {
  requireData(context);
  const { layout, now, adoptSource } = context;
  if (isNamed(flags)) return context.datasets;
  const options = { layout, access: 'read', command, now, adoptSource } as const;
  const held = await withDataFolder(options, (folder) => Promise.resolve(heldIn(folder)));
  return chosen(context, flags, () => held);
}

/** The same; none where the folder has tables of the REST API alone. */
export async function datasetsBesideTables(
  context: CommandContext,
  flags: Flags,
  command: string,
): Promise<readonly Dataset[]> {
  try {
    return await datasetsOfFolder(context, flags, command);
  } catch (error) {
    const hasTables = flags['dataset'] === undefined && heldTables(context.layout).length > 0;
    if (error instanceof UsageError && hasTables) return [];
    throw error;
  }
}

function isNamed({ dataset }: Flags): boolean {
  return dataset !== undefined && !namesPattern(String(dataset));
}

function chosen(context: CommandContext, flags: Flags, held: () => readonly Dataset[]): readonly Dataset[] {
  if (isNamed(flags)) return context.datasets;
  const given = flags['dataset'];
  const here = held().filter(given === undefined ? () => true : datasetsFitting(String(given)));
  if (here.length > 0) return here;
  requireData(context);
  const { archiveDir } = context.layout;
  throw new UsageError(
    given === undefined
      ? `The archive ${archiveDir} holds no day: run barloom populate first, or say with --archive-dir where it is.`
      : `--dataset ${given} fits nothing that is here: barloom status says what is.`,
  );
}
