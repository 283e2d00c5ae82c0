/** `barloom completion SHELL`: the script that completes commands, options, their values and tickers. */

import { completionScript } from '#cli/completion/script.js';
import { type Choices, commandSpecs, SHELLS, type Values } from '#cli/completion/spec.js';
import type { Invocation } from '#cli/invocation.js';
import { BAR_NAMES } from '#cli/options/bar-option.js';
import { LOG_LEVELS } from '#cli/output/log-file.js';
import { reported } from '#cli/output/reported.js';
import { UsageError } from '#cli/usage-error.js';
import { INDEX_WISHES } from '#ingest/loading/drop-decision.js';
import { LOAD_MODES } from '#ingest/loading/unit.js';
import { SESSION_CHOICES } from '#market/calendar/trading-hours.js';
import { datasets } from '#market/datasets/all.js';
import { CURRENCY_POLICIES } from '#market/instruments/currency.js';
import { PRICE_FORMATS } from '#tasks/match/request.js';

/** Options whose values are known words. A test holds them against what the help says. */
export const CHOICES: Choices = new Map<string, Values>([
  ['--bar', { kind: 'words', words: BAR_NAMES }],
  ['--dataset', { kind: 'list', words: [...datasets.keys()] }],
  ['--currency-policy', { kind: 'words', words: CURRENCY_POLICIES }],
  ['--format', { kind: 'words', words: ['csv', 'json', 'ndjson'] }],
  ['quotes --format', { kind: 'words', words: ['parquet', 'database'] }],
  ['--indexes', { kind: 'words', words: INDEX_WISHES }],
  ['--log-level', { kind: 'words', words: LOG_LEVELS }],
  ['--mode', { kind: 'words', words: LOAD_MODES }],
  ['--only', { kind: 'list', words: ['missing', 'failed', 'denied', 'available', 'never-asked', 'pruned'] }],
  ['match --format', { kind: 'words', words: PRICE_FORMATS }],
  ['--session', { kind: 'words', words: SESSION_CHOICES }],
]);

export function completionCommand(invocation: Invocation): Promise<number> {
  return reported('completion', invocation, async () => {
    const given = invocation.args[0];
    const shell = SHELLS.find((name) => name === given);
    if (shell === undefined)
      throw new UsageError(
        `There is no completion for ${JSON.stringify(given ?? '')}: give ${SHELLS.join(', ')}.`,
      );
    return { exitCode: 0, text: completionScript(shell, commandSpecs(invocation.commands, CHOICES)) };
  });
}
