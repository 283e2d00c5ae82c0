/**
 * The dataset of a name: a known one, or one that is made for a prefix of the vendor's that barloom does not
 * know yet (`us_new/thing_v1`). New products appear without notice: their days can be archived and exported
 * before anybody has described them.
 */
import { nyse } from '#market/calendar/nyse.js';
import { datasets } from './all.js';
import { archived, NEW_YORK, nextMorning, tickLimits } from './common.js';
import type { Dataset } from './dataset.js';

/** Folders of the vendor's bucket: a market and a product with its version. */
const PREFIX = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*\/[a-z][a-z0-9]*(?:_[a-z0-9]+)*_v\d+$/;

/** Undefined where it is neither a name nor a prefix. */
export function datasetNamed(name: string): Dataset | undefined {
  return datasets.get(name) ?? (PREFIX.test(name) ? byPrefix(name) : undefined);
}

function byPrefix(prefix: string): Dataset {
  const known = [...datasets.values()].find((dataset) => dataset.prefix === prefix);
  return (
    known ?? {
      ...tickLimits,
      ...archived('', NEW_YORK),
      name: prefix,
      title: `${prefix}, whatever it holds`,
      prefix,
      firstDay: '2003-09-10',
      calendar: nyse,
      publication: nextMorning,
      typicalObjectBytes: 100_000_000,
      folder: prefix,
      seriesFolder: prefix,
    }
  );
}
