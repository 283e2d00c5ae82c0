import { expect, test } from 'vitest';
import { listPage, type PageRequest } from '#sandbox/s3/list-page.js';

const keys = ['a/1', 'a/2', 'b/x/1', 'b/x/2', 'b/y/1', 'b/z', 'c'];

function pages(request: Partial<PageRequest>): string[][] {
  const found: string[][] = [];
  let token: string | undefined;
  do {
    const page = listPage(keys, {
      prefix: '',
      delimiter: '',
      startAfter: '',
      maxKeys: 1000,
      ...request,
      token,
    });
    found.push([...page.keys, ...page.commonPrefixes]);
    token = page.nextToken;
  } while (token !== undefined);
  return found;
}

test.each<[string, Partial<PageRequest>, string[][]]>([
  ['everything', {}, [keys]],
  ['a prefix', { prefix: 'b/' }, [['b/x/1', 'b/x/2', 'b/y/1', 'b/z']]],
  ['an unknown prefix', { prefix: 'bb' }, [[]]],
  ['pages', { maxKeys: 3 }, [keys.slice(0, 3), keys.slice(3, 6), keys.slice(6)]],
  [
    'pages that end with the list',
    { prefix: 'b/', maxKeys: 2 },
    [
      ['b/x/1', 'b/x/2'],
      ['b/y/1', 'b/z'],
    ],
  ],
  ['folders', { delimiter: '/' }, [['c', 'a/', 'b/']]],
  ['folders in a folder', { prefix: 'b/', delimiter: '/' }, [['b/z', 'b/x/', 'b/y/']]],
  ['folders page by page', { delimiter: '/', maxKeys: 1 }, [['a/'], ['b/'], ['c']]],
  ['behind a key', { startAfter: 'b/x/1' }, [keys.slice(3)]],
  ['no keys', { maxKeys: 0 }, [[]]],
])('%s', (_, request, expected) => {
  expect(pages(request)).toEqual(expected);
});

test('a token of somebody else is refused', () => {
  expect(() =>
    listPage(keys, { prefix: '', delimiter: '', startAfter: '', maxKeys: 1, token: 'xyz' }),
  ).toThrow(RangeError);
});
