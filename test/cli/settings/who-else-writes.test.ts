import { expect, it } from 'vitest';
import { othersIn } from '#cli/settings/who-else-writes.js';

const ME = { uid: 1000, gid: 1000 };

it.each([
  ['the user alone', { uid: 1000, gid: 1000, mode: 0o100600 }, undefined],
  ["the user's own group", { uid: 1000, gid: 1000, mode: 0o100664 }, undefined],
  ["root's file", { uid: 0, gid: 0, mode: 0o100644 }, undefined],
  ['another group', { uid: 1000, gid: 50, mode: 0o100664 }, /a group may write/],
  ['everybody', { uid: 1000, gid: 1000, mode: 0o100666 }, /everybody may write/],
  ["another user's", { uid: 1001, gid: 1001, mode: 0o100600 }, /another user's/],
  ['a shared folder where nobody replaces what is not his', { uid: 0, gid: 0, mode: 0o041777 }, undefined],
  ['a shared folder without that', { uid: 0, gid: 0, mode: 0o040777 }, /everybody may write/],
] as const)('%s', (_, facts, told) => {
  const found = othersIn('barloom.json', facts, ME);
  if (told === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(told);
});

it("what is the user's is nobody else's for root neither", () => {
  expect(othersIn('x', { uid: 1000, gid: 1000, mode: 0o100600 }, { uid: 0, gid: 0 })).toMatch(
    /another user's/,
  );
});
