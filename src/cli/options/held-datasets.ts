/**
 * The datasets of a command that looks at a folder: those that are named, else every one that the folder
 * holds.
 */
import { existsSync } from 'node:fs';
import { type CommandContext, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { datasets as knownDatasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { openArchive } from '#store/archive/store.js';
import { layerFolder } from '#store/lake/layout.js';

/** `of`: in the archive, or in the archive or the lake. Throws UsageError where there is none. */
export function heldDatasets(
  context: CommandContext,
  flags: Readonly<Record<string, unknown>>,
  of: 'archive' | 'either',
): readonly Dataset[] {
  if (flags['dataset'] !== undefined) return context.datasets;
  const { layout } = context;
  const held = [...knownDatasets.values()].filter(
    (dataset) =>
      openArchive(layout, dataset).days().length > 0 ||
      (of === 'either' && existsSync(layerFolder(layout, 'bronze', dataset.name))),
  );
  if (held.length > 0) return held;
  requireData(context);
  throw new UsageError(
    `The archive ${layout.archiveDir} holds no day: run barloom populate first, or say with --archive-dir where it is.`,
  );
}
