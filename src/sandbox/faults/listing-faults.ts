/** How the faults of listings look in their XML. Each works on a sound page as s3-xml.ts writes it. */

/**
 * A page's XML as `kind` spoils it. `where` makes a difference where a fault has to differ from one request
 * to the next.
 */
export function spoiltListing(kind: string, xml: string, where: number): string {
  switch (kind) {
    case 'truncated-list':
      return xml.slice(0, xml.length >> 1);
    case 'odd-etag':
      return xml.replaceAll('&quot;</ETag>', '&quot;\n</ETag>');
    case 'multipart-etag':
      return xml.replaceAll('&quot;</ETag>', '-2&quot;</ETag>');
    case 'list-loop':
      return announceMore(xml, tokenBefore(xml, ''));
    case 'list-endless':
      return announceMore(xml, tokenBefore(xml, where.toString(36)));
    case 'list-no-token':
      return announceMore(xml, undefined);
    case 'list-doubles':
      return withContents(xml, (contents) => contents.flatMap((one) => [one, one]));
    case 'list-foreign':
      return withContents(xml, (contents) => [...FOREIGN_KEYS.map(foreign(xml)), ...contents]);
    case 'list-unsorted':
      return withContents(xml, (contents) => [...contents].reverse());
    case 'list-lacking':
      return withContents(xml, (contents) => contents.filter((_, place) => place % 2 === 1));
    case 'list-huge':
      return xml.replaceAll(/<Size>\d+/g, '<Size>1000000000');
    case 'list-no-size':
      return xml.replaceAll(/<Size>\d+/g, `<Size>${NO_SIZES[where % NO_SIZES.length]}`);
    default:
      return xml;
  }
}

const NO_SIZES = ['', '-5', 'many', '1e400', '0.5'];

/** `^` stands for the prefix that was asked for. */
const FOREIGN_KEYS = [
  'us_options_opra/day_aggs_v1/2024/05/2024-05-02.csv.gz',
  '../../etc/passwd',
  '^../../../../../2024-05-02.csv.gz',
  '^2024-13-45.csv.gz',
  '^2024-05-02.csv.gz.tmp',
  '^old/2024-05-02.csv.gz',
  '^',
];

function foreign(xml: string): (key: string) => string {
  const prefix = /<Prefix>([^<]*)/.exec(xml)?.[1] ?? '';
  return (key) =>
    `<Contents><Key>${key.replace('^', prefix)}</Key><LastModified>2024-05-03T10:00:00.000Z</LastModified><ETag>&quot;0&quot;</ETag><Size>7</Size></Contents>`;
}

function withContents(xml: string, change: (contents: readonly string[]) => readonly string[]): string {
  const contents = xml.match(/<Contents>.*?<\/Contents>/gs) ?? [];
  const changed = change(contents);
  return xml
    .replaceAll(/<Contents>.*?<\/Contents>/gs, '')
    .replace(/<KeyCount>\d+/, `<KeyCount>${changed.length}`)
    .replace('</ListBucketResult>', `${changed.join('')}</ListBucketResult>`);
}

function announceMore(xml: string, token: string | undefined): string {
  const next = token === undefined ? '' : `<NextContinuationToken>${token}</NextContinuationToken>`;
  return xml
    .replace(/<NextContinuationToken>[^<]*<\/NextContinuationToken>/, '')
    .replace(/<IsTruncated>\w+<\/IsTruncated>/, `<IsTruncated>true</IsTruncated>${next}`);
}

/** One of list-page's tokens, for a place before the first key of the prefix. */
function tokenBefore(xml: string, mark: string): string {
  const prefix = /<Prefix>([^<]*)/.exec(xml)?.[1] ?? '';
  return Buffer.from(`1${prefix}!${mark}`).toString('base64url');
}
