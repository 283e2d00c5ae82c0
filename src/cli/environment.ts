/**
 * Everything that the outside lends the program, gathered in one value: only this room touches process,
 * terminal, clock and environment.
 */
import type { StopSignal } from '#tasks/exit-code.js';

export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly now: () => Date;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /**
   * For results that may be large: resolves once stdout has taken the text, to false where its reader has
   * gone away; else rejects.
   */
  readonly writeOut: (text: string) => Promise<boolean>;
  /** Whether stderr is a terminal that can take a live line, and how wide it is. */
  readonly liveTerminal: boolean;
  readonly columns: () => number;
  /**
   * Whether stdout is a terminal, and how wide it is; 80 columns when it is piped. COLUMNS goes before both.
   */
  readonly stdoutTerminal: boolean;
  readonly stdoutColumns: () => number;
  /** Whether there is somebody to ask: stdin and stderr are terminals. */
  readonly stdinTerminal: boolean;
  /**
   * Puts a question on the terminal; the line that is answered, '' where the input ends or the run is stopped
   * without one.
   */
  readonly ask: (question: string) => Promise<string>;
  readonly parallelism: number;
  /** Aborted by the first SIGHUP, SIGINT or SIGTERM, with the signal's name as the reason. */
  readonly signal: AbortSignal;
  /** Told when that happens. */
  onStop(listener: (signal: StopSignal) => void): void;
  /**
   * Carries `body` out; where a second signal ends the process in the midst of it, `tidy` is called first.
   */
  tidied<T>(tidy: () => void, body: () => Promise<T>): Promise<T>;
}
