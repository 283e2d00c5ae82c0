/** A plan of any length is a set of arrays, in which each task has one place. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sbatchWords, slurmScript } from '#tasks/cluster/slurm-script.js';

/** The tasks that one submission runs, as the script reckons them. */
function tasksOf([array = '', offset = '']: readonly string[]): readonly number[] {
  const last = Number(/^--array=0-(\d+)$/.exec(array)?.[1]);
  const from = Number(/^--export=ALL,TASK_OFFSET=(\d+)$/.exec(offset)?.[1]);
  return Array.from({ length: last + 1 }, (_, i) => from + i);
}

it('each task is in one array, and none has an index that Slurm refuses', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (tasks) => {
      const arrays = sbatchWords(tasks).map(tasksOf);
      expect(arrays.flat()).toEqual(Array.from({ length: tasks }, (_, i) => i));
      // MaxArraySize is 1001 unless somebody raised it.
      for (const one of arrays) expect(one.length).toBeLessThanOrEqual(1000);
    }),
    { numRuns: 30 },
  );
});

it('words with blanks and quotes reach the task as they are', () => {
  const script = slurmScript({
    id: 'ab12',
    planUrl: 's3://own/market/plans/ab12.json',
    tasks: 3,
    largestBytes: 10 << 20,
    program: ['/usr/bin/node', "/opt/it's here/barloom.js"],
    options: ['--endpoint', 'file:/my data'],
    scratch: '/big scratch',
    timeLimit: '02:00:00',
  });
  expect(script).toContain("/usr/bin/node '/opt/it'\\''s here/barloom.js' cluster task --plan s3://own/");
  expect(script).toContain(`--endpoint 'file:/my data' --index "$index" --scratch '/big scratch'\n`);
  expect(script).toContain('#SBATCH --tmp=25M\n');
});
