/**
 * What may happen, at random: commands of the program, to their end, killed or two at once; the vendor;
 * hands; time.
 */
import fc from 'fast-check';
import { both, type Command, cli, hand, killed, type Named, step } from './commands.js';
import {
  changeList,
  deleteFile,
  type Edit,
  editSeries,
  type Place,
  packPlainly,
  type Spoil,
  spoilFile,
  type Victim,
} from './hands.js';
import { SESSIONS, TICKERS } from './market.js';
import {
  add,
  backfill,
  nightly,
  type PopulateForm,
  populate,
  prune,
  rebuild,
  remove,
  repair,
  verify,
} from './purposes.js';
import { checkGaps } from './readers.js';

/** Much happens to few tickers and days, so that one thing meets the other. */
const ticker = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('AAPL', 'BApA') },
  { weight: 1, arbitrary: fc.constantFrom(...TICKERS) },
);
const tickers = fc.subarray([...TICKERS], { minLength: 1, maxLength: 4 });
const session = fc.nat(SESSIONS.length - 1);
const day = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('2024-05-22', '2024-06-04') },
  { weight: 1, arbitrary: session.map((at) => SESSIONS[at] ?? '') },
);

const place = fc.record<Place>({ ticker, day, n: fc.nat(1000) });

const populating = fc
  .record<PopulateForm>({
    start: session,
    end: session,
    tickers: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: tickers }),
    flag: fc.oneof(
      { weight: 5, arbitrary: fc.constant('' as const) },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          '--all-tickers',
          '--no-save-others',
          '--recheck',
          '--force',
          '--archive-only',
          '--dry-run',
        ),
      },
    ),
  })
  .map((form): Named => {
    const [from, to] = [form.start, form.end].sort((a, b) => a - b);
    const name =
      `populate ${SESSIONS[from ?? 0]}..${SESSIONS[to ?? 0]} ${form.tickers.join(',')} ${form.flag}`
        .replace(/ +/g, ' ')
        .trim();
    return { name, make: (world) => populate(world, form) };
  });

const whole = fc.constant<Named>({
  name: 'populate everything',
  make: (world) =>
    populate(world, { start: 0, end: SESSIONS.length - 1, tickers: ['AAPL', 'THIN'], flag: '' }),
});

const adding = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: tickers }, { weight: 1, arbitrary: fc.constant(['aapl', 'THIN']) }),
    fc.option(fc.tuple(session, session), { nil: undefined, freq: 3 }),
  )
  .map(
    ([some, range]): Named => ({
      name: `add ${some.join(' ')}${
        range === undefined
          ? ''
          : ` in ${range
              .map((at) => SESSIONS[at])
              .sort()
              .join('..')}`
      }`,
      make: (world) => add(world, some, range),
    }),
  );

const removing = fc.tuple(ticker, fc.boolean()).map(
  ([one, deletes]): Named => ({
    name: `remove ${one}${deletes ? ' --delete' : ''}`,
    make: (world) => remove(world, one, deletes),
  }),
);
const rebuilding = fc
  .oneof(fc.constantFrom('tracked', 'all'), ticker)
  .map((which): Named => ({ name: `rebuild ${which}`, make: (world) => rebuild(world, which) }));
const repairing = fc.boolean().map(
  (deep): Named => ({
    name: `verify --repair${deep ? ' --deep' : ''}`,
    make: (world) => repair(world, deep),
  }),
);
const backfilling = fc
  .constantFrom('', 'pruned', 'missing', 'available')
  .map((only): Named => ({ name: `backfill ${only}`.trim(), make: (world) => backfill(world, only) }));
const nights = fc.constant<Named>({ name: 'nightly', make: nightly });
const pruning = fc
  .integer({ min: 3, max: 20 })
  .map((keep): Named => ({ name: `prune --keep-days ${keep}`, make: (world) => prune(world, keep) }));

const writing = fc.oneof(
  { weight: 4, arbitrary: populating },
  { weight: 5, arbitrary: whole },
  { weight: 3, arbitrary: adding },
  { weight: 1, arbitrary: removing },
  { weight: 2, arbitrary: rebuilding },
  { weight: 2, arbitrary: repairing },
  { weight: 1, arbitrary: backfilling },
  { weight: 2, arbitrary: nights },
  { weight: 1, arbitrary: pruning },
);

const edits: fc.Arbitrary<Edit> = fc.constantFrom(
  'own day',
  'change',
  'a day that is not here',
  'CRLF',
  'delete a row',
);
const victims: fc.Arbitrary<Victim> = fc.constantFrom(
  'series',
  'archive',
  'toc',
  'progress.json',
  'progress.ndjson',
  'tracked.txt',
);
const spoilt: fc.Arbitrary<Exclude<Victim, 'tracked.txt'>> = fc.constantFrom(
  'series',
  'archive',
  'toc',
  'progress.json',
  'progress.ndjson',
);
const spoils: fc.Arbitrary<Spoil> = fc.constantFrom('a bit', 'the end', 'empty', 'NUL');

const editing = fc
  .tuple(edits, place)
  .map(([edit, at]) =>
    hand(`edit ${at.ticker}: ${edit} (${at.day})`, (world) => editSeries(world, edit, at)),
  );
const shown = (victim: Victim, { ticker: one, day: on }: Place): string =>
  victim === 'series'
    ? `the series of ${one}`
    : victim === 'archive'
      ? `the archive's ${on}`
      : victim === 'toc'
        ? `the .toc of ${on}`
        : victim;

const hands = fc.oneof(
  day.map((one) =>
    hand(
      `the vendor replaces ${one}`,
      async ({ vendor }) => void (vendor.of(one) !== undefined && (await vendor.replace(one))),
    ),
  ),
  day.map((one) =>
    hand(
      `the vendor replaces ${one}`,
      async ({ vendor }) => void (vendor.of(one) !== undefined && (await vendor.replace(one))),
    ),
  ),
  day.map((one) => hand(`the vendor packs ${one} anew`, ({ vendor }) => vendor.recompress(one))),
  day.map((one) => hand(`the vendor's ${one} vanishes`, ({ vendor }) => vendor.vanish(one))),
  day.map((one) =>
    hand(
      `the vendor publishes ${one}`,
      async ({ vendor }) => void (vendor.of(one)?.listed === false && (await vendor.publish(one))),
    ),
  ),
  fc.constant(hand('the plan allows all', ({ vendor }) => vendor.allow())),
  editing,
  editing,
  editing,
  fc
    .tuple(victims, place)
    .map(([victim, at]) => hand(`delete ${shown(victim, at)}`, (world) => deleteFile(world, victim, at))),
  fc
    .tuple(victims, place)
    .map(([victim, at]) => hand(`delete ${shown(victim, at)}`, (world) => deleteFile(world, victim, at))),
  fc
    .tuple(spoilt, spoils, place)
    .map(([victim, how, at]) =>
      hand(`spoil ${shown(victim, at)}: ${how} (${at.n})`, (world) => spoilFile(world, victim, how, at)),
    ),
  place.map((at) => hand(`${at.day} packed by another tool`, (world) => packPlainly(world, at))),
  tickers.map((some) => hand(`stocks.txt: ${some.join(' ')}`, (world) => changeList(world, some))),
  fc
    .integer({ min: 1, max: 4 })
    .map((days) =>
      hand(`${days} days pass`, (world) =>
        world.setNow(Math.min(world.now + days * 24 * 3_600_000, Date.parse('2024-06-14T17:00:00Z'))),
      ),
    ),
);

export const commands: fc.Arbitrary<Command>[] = [
  ...Array.from({ length: 8 }, () => writing.map(cli)),
  fc
    .boolean()
    .map((deep) => cli({ name: `verify${deep ? ' --deep' : ''}`, make: (world) => verify(world, deep) })),
  fc.constant(step('gaps and status', checkGaps)),
  fc
    .tuple(
      writing,
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom('kill-before', 'kill-within', 'kill-after'),
    )
    .map(([one, at, how]) => killed(one, at, how as 'kill-before')),
  fc
    .tuple(
      writing,
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom('kill-before', 'kill-within', 'kill-after'),
    )
    .map(([one, at, how]) => killed(one, at, how as 'kill-before')),
  fc.tuple(writing, writing).map(([a, b]) => both(a, b)),
  ...Array.from({ length: 7 }, () => hands),
];
