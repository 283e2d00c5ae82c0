/** What is amiss with a statement, with the place in it, and the names that may have been meant. */
import { nearestTickers } from '#market/tickers/near.js';
import { LakeError } from '#store/lake/lake-error.js';

export function sqlError(error: unknown, namesThere: () => readonly string[]): unknown {
  if (!(error instanceof Error) || !/^[A-Z][A-Za-z ]* Error: /.test(error.message)) return error;
  const text = error.message.trimEnd();
  if (text.startsWith('Out of Memory Error'))
    return new LakeError(
      `${text.split('\n')[0]}: give the query more with --memory 4G, or ask for less at a time`,
      'incomplete',
    );
  const unknown = /^Catalog Error: Table with name (\S+) does not exist!/.exec(text)?.[1];
  if (unknown !== undefined) {
    const names = namesThere();
    const near = nearestTickers(unknown, names, 2);
    const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There is: ${names.join(', ')}.`;
    const place = text.slice(text.indexOf('\n\n') + 1);
    return new LakeError(`There is no table ${unknown}. ${hint}\n${place.trimStart()}`, 'usage');
  }
  if (/^Permission Error: /.test(text))
    return new LakeError(
      `${text}\nOnly the data folder is read (barloom sql --allow-files lifts that).`,
      'usage',
    );
  return new LakeError(text, 'usage');
}
