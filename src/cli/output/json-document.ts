/**
 * The --json document: one on stdout, also when a run fails. Its fields are a contract; a change of meaning
 * raises schema_version.
 */
import type { DatasetSummary } from '#tasks/populate/summary.js';
import { safeJson } from './safe-text.js';

/** populate's. */
export interface JsonDocument {
  readonly schema_version: 1;
  readonly command: string;
  readonly dry_run?: boolean;
  readonly exit_code: number;
  readonly seconds: number;
  /** What ended the run early, if anything did. */
  readonly error?: { readonly message: string };
  readonly datasets: readonly DatasetSummary[];
}

/** Any command's document: all of them have this frame. */
export function renderJson(document: Readonly<Record<string, unknown>> | JsonDocument): string {
  return `${safeJson(document, 2)}\n`;
}
