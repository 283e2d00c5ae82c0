/** The sentence for a dataset that there is not, with the one that was perhaps meant. */
import { safeText } from '#cli/output/safe-text.js';
import { UsageError } from '#cli/usage-error.js';
import { datasets } from '#market/datasets/all.js';

/** `where` it stands: `--dataset`, or a setting. */
export async function unknownDataset(where: string, name: string): Promise<UsageError> {
  const { nearestTickers } = await import('#market/tickers/near.js');
  const [meant] = nearestTickers(name, datasets.keys(), 1);
  const rest =
    meant === undefined
      ? `give ${[...datasets.keys()].join(' or ')}, or a prefix of the vendor's such as us_new/thing_v1`
      : `did you mean ${meant}? barloom datasets lists all`;
  return new UsageError(`${where} ${safeText(name)} is not known: ${rest}.`);
}
