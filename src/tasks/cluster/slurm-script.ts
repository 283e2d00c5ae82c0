/**
 * An array job of Slurm for the tasks of a plan. Pure. An element runs one task; of a plan longer than an array
 * may be, the same script is submitted once for each stretch. As tried on Slurm 22.05: MaxArraySize is 1001, so
 * the highest index is 1000, and a failed element is run again only by `scontrol requeue`.
 */
import { shellQuote } from '#tasks/schedule/crontab.js';

export interface SlurmJob {
  /** Of the plan. */
  readonly id: string;
  readonly planUrl: string;
  readonly tasks: number;
  /** Compressed bytes of the largest day. */
  readonly largestBytes: number;
  /** Words that run barloom, without its command. */
  readonly program: readonly string[];
  /** Options that a task needs besides, none of them secret. */
  readonly options: readonly string[];
  /** Undefined: TMPDIR, as it is on the node. */
  readonly scratch: string | undefined;
  /** As sbatch takes it. */
  readonly timeLimit: string;
}

/** Elements of one array. */
const ARRAY = 1000;
/** Threads and parts of an upload; measured peaks are a quarter of it. */
const MEMORY = '1G';
const CPUS = 2;
/** Our file is not much larger than the vendor's; sorting an unsorted one writes it twice. */
const SCRATCH_FACTOR = 2.5;
const MEGABYTE = 1 << 20;
const MOST_REQUEUES = 5;

/** Of each stretch, `sbatch`'s words before the script's name. */
export function sbatchWords(tasks: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(tasks / ARRAY) }, (_, i) => {
    const last = Math.min(ARRAY, tasks - i * ARRAY) - 1;
    return [`--array=0-${last}`, `--export=ALL,TASK_OFFSET=${i * ARRAY}`];
  });
}

export function slurmScript(job: SlurmJob): string {
  const { id, planUrl, tasks, largestBytes, program, options, scratch, timeLimit } = job;
  const command = [...program, 'cluster', 'task', '--plan', planUrl, ...options].map(shellQuote).join(' ');
  const folder = scratch === undefined ? '"${TMPDIR:-/tmp}"' : shellQuote(scratch);
  return [
    '#!/bin/sh',
    `#SBATCH --job-name=barloom-${id}`,
    `#SBATCH --array=0-${Math.min(ARRAY, tasks) - 1}`,
    `#SBATCH --cpus-per-task=${CPUS}`,
    `#SBATCH --mem=${MEMORY}`,
    `#SBATCH --time=${timeLimit}`,
    `#SBATCH --tmp=${Math.ceil((largestBytes * SCRATCH_FACTOR) / MEGABYTE)}M`,
    '#SBATCH --requeue',
    '#SBATCH --open-mode=append',
    `# ${tasks} tasks. Keys are not in here: they are looked for on the node, in ~/.aws or the environment.`,
    ...sbatchWords(tasks).map((words) => `#   sbatch ${words.join(' ')} THIS-FILE`),
    '',
    'index=$(( ${TASK_OFFSET:-0} + SLURM_ARRAY_TASK_ID ))',
    `${command} --index "$index" --scratch ${folder}`,
    'code=$?',
    '# 5: a damaged day that is not given up yet, or a network that gave out.',
    `if [ "$code" -eq 5 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${MOST_REQUEUES} ]; then`,
    '  scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"',
    'fi',
    'exit "$code"',
    '',
  ].join('\n');
}
