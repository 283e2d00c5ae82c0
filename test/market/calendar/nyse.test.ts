import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addDays, weekday } from '#market/calendar/iso-day.js';
import { nyse, nyseEarlyClose } from '#market/calendar/nyse.js';

const facts = readFileSync(new URL('../../../fixtures/calendar/nyse.csv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\d/.test(line))
  .map((line) => line.split(','));
const [FIRST, LAST] = ['2003-01-01', '2027-12-31'];

function namesOf(kind: string): Record<string, string> {
  return Object.fromEntries(facts.filter((fact) => fact[1] === kind).map(([date, , name]) => [date, name]));
}

function everyDay(read: (day: string) => string | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (let day = FIRST; day <= LAST; day = addDays(day, 1)) {
    const name = read(day);
    if (name !== undefined) found[day] = name;
  }
  return found;
}

test('of 25 years, exactly the known full closures, under their names', () => {
  expect(facts.length).toBe(287);
  expect(everyDay(nyse.closure)).toEqual(namesOf('full'));
});

test('of 25 years, exactly the known closes at 13:00', () => {
  expect(everyDay(nyseEarlyClose)).toEqual(namesOf('early'));
});

test('sessions are all weekdays but the closures', () => {
  const closed = namesOf('full');
  const expected: string[] = [];
  for (let day = FIRST; day <= LAST; day = addDays(day, 1)) {
    if (weekday(day) >= 1 && weekday(day) <= 5 && closed[day] === undefined) expected.push(day);
  }
  expect(nyse.sessions(FIRST, LAST)).toEqual(expected);
  expect(nyse.sessions('2024-01-02', '2024-12-31')).toHaveLength(252);
  expect(nyse.sessions('2024-01-06', '2024-01-07')).toEqual([]);
  expect(nyse.sessions('2024-01-09', '2024-01-08')).toEqual([]);
});

test('previous counts sessions: 0 is the day itself or the last one before it', () => {
  expect(nyse.previous('2024-01-02', 0)).toBe('2024-01-02');
  expect(nyse.previous('2024-01-01', 0)).toBe('2023-12-29');
  expect(nyse.previous('2024-01-02', 1)).toBe('2023-12-29');
  const sessions = nyse.sessions('2012-10-01', '2012-11-15');
  for (const [index, session] of sessions.entries()) {
    expect(nyse.previous('2012-11-15', sessions.length - 1 - index)).toBe(session);
  }
});

test('the rules go on beyond the table', () => {
  expect(nyse.closure('2028-01-03')).toBeUndefined(); // New Year's Day 2028 is a Saturday
  expect(nyse.closure('2027-12-31')).toBeUndefined();
  expect(nyse.closure('2038-04-23')).toBe('Good Friday'); // Easter on 25 April, as late as can be
  expect(nyse.closure('2285-03-20')).toBe('Good Friday'); // and on 22 March, as early as can be
  expect(nyse.sessions('2050-01-01', '2050-12-31').length).toBeGreaterThan(248);
});
