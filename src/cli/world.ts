/** Everything that the outside lends the program, gathered in one value: only this room touches process, terminal, clock and environment. */

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly now: () => Date;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether stderr is a terminal that can take a live line, and how wide it is. */
  readonly liveTerminal: boolean;
  readonly columns: () => number;
  readonly parallelism: number;
  /** Aborted by the first SIGINT or SIGTERM, with the signal's name as the reason. */
  readonly signal: AbortSignal;
  /** Told when that happens. */
  onStop(listener: (signal: 'SIGINT' | 'SIGTERM') => void): void;
}
