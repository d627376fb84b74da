import { fork, type ChildProcess } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';

/** How far a child of an ingest steps back for those of people (`niceness`). */
export const bulkNiceness = 10;
/** Work that somebody waits for, but less than for a search. */
export const besideNiceness = 5;
/** After so long without work a child that is not needed gives its memory back. */
export const idleTimeoutMs = 30_000;
/** What becomes of work that waits when all ends. */
export const shuttingDown = 'The server is shutting down';

/** The child ended, or was ended at its time limit, before it answered. */
export class WorkerExited extends Error {
  constructor(
    message: string,
    readonly timedOut: boolean,
  ) {
    super(message);
    this.name = 'WorkerExited';
  }
}

/** What a child is sent, and what it sends back. */
export interface Request<Work> {
  readonly id: number;
  readonly work: Work;
}

interface Reply<Answer> {
  readonly id: number;
  readonly answer: Answer;
  /** What it took inside the child: the rest of the time is the way there and back. */
  readonly ms: number;
}

/** An answer, with what it took inside the child. */
export type Timed<Answer> = Omit<Reply<Answer>, 'id'>;

interface Waiting<Answer> {
  resolve(answer: Timed<Answer>): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

interface ChildOptions {
  /** Its compiled file. */
  readonly entry: string;
  /** As messages name it: “inference process”. */
  readonly name: string;
  /** 0..19: how far it steps back for others that want a processor. */
  readonly niceness: number;
}

/** Lets others that want a processor go before a child. @param niceness 0..19: how far it steps back */
export function stepBack({ pid }: ChildProcess, niceness: number): void {
  try {
    // It inherits the priority of this process. Where that is lower already, only the superuser may raise it.
    if (pid !== undefined && niceness > getPriority(pid)) setPriority(pid, niceness);
  } catch {
    // The child has ended already, which its exit tells; or the system forbids it, and the work is done all the same.
  }
}

/**
 * Forks a process that answers by messages, whose errors are seen, and which has none of the arguments of this one.
 * @param entry its compiled file
 * @param niceness as for `stepBack`
 */
export function forkChild(entry: string, niceness: number): ChildProcess {
  const child = fork(entry, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    // A copy, so that it is the environment that this module sees, also in a test's sandbox.
    env: { ...process.env },
  });
  stepBack(child, niceness);
  return child;
}

/** One forked process: send work, get the answer, or `WorkerExited`. */
export class WorkerProcess<Work, Answer> {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, Waiting<Answer>>();
  private nextId = 0;
  private timedOut = false;

  /** @param onGone told when the process has ended, also where it had nothing to do */
  constructor(
    private readonly onGone: (child: WorkerProcess<Work, Answer>) => void,
    { entry, name, niceness }: ChildOptions,
  ) {
    this.process = forkChild(entry, niceness);
    this.process.on('message', (reply: Reply<Answer>) => {
      this.settle(reply.id)?.resolve(reply);
    });
    this.process.on('error', (error) => {
      this.fail(error.message);
    });
    this.process.on('exit', (code, signal) => {
      this.fail(`The ${name} ended (${signal ?? `exit code ${code ?? 'unknown'}`})`);
      this.onGone(this);
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Whether it keeps this process alive: one without work need not. */
  keepAlive(wanted: boolean): void {
    const { channel } = this.process;
    if (wanted) {
      this.process.ref();
      channel?.ref();
    } else {
      this.process.unref();
      channel?.unref();
    }
  }

  /** @throws {WorkerExited} when the child ends or the time limit passes; it is killed then, as no run can be stopped */
  ask(work: Work, timeoutMs: number): Promise<Timed<Answer>> {
    const id = this.nextId++;
    return new Promise<Timed<Answer>>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.timedOut = true;
        this.process.kill('SIGKILL');
      }, timeoutMs);
      this.waiting.set(id, { resolve, reject, timer });
      this.process.send({ id, work }, (error) => {
        if (error !== null) this.settle(id)?.reject(new WorkerExited(error.message, false));
      });
    });
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  private settle(id: number): Waiting<Answer> | undefined {
    const waiting = this.waiting.get(id);
    if (waiting !== undefined) clearTimeout(waiting.timer);
    this.waiting.delete(id);
    return waiting;
  }

  private fail(message: string): void {
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(new WorkerExited(message, this.timedOut));
  }
}
