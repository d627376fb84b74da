import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Answer, Reply, Work } from './messages.js';

/** The child ended, or was ended at its time limit, before it answered. */
export class ChildGone extends Error {
  constructor(
    message: string,
    readonly timedOut: boolean,
  ) {
    super(message);
    this.name = 'ChildGone';
  }
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

/** One forked inference process: send work, get the answer, or `ChildGone`. */
export class InferenceChild {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private timedOut = false;

  /**
   * @param onGone told when the process has ended, also where it had nothing to do
   * @param niceness 0..19: how far it steps back for others that want a processor
   */
  constructor(
    private readonly onGone: (child: InferenceChild) => void,
    niceness: number,
    entry: string = fileURLToPath(new URL('./child.js', import.meta.url)),
  ) {
    this.process = fork(entry, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      // A copy, so that it is the environment that this module sees, also in a test's sandbox.
      env: { ...process.env },
    });
    if (niceness > 0 && this.process.pid !== undefined) setPriority(this.process.pid, niceness);
    this.process.on('message', (reply: Reply) => {
      this.settle(reply.id)?.resolve(reply.answer);
    });
    this.process.on('error', (error) => {
      this.fail(error.message);
    });
    this.process.on('exit', (code, signal) => {
      this.fail(`The inference process ended (${signal ?? `exit code ${code ?? 'unknown'}`})`);
      this.onGone(this);
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** @throws {ChildGone} when the child ends or the time limit passes; it is killed then, as no run can be stopped */
  ask(work: Work, timeoutMs: number): Promise<Answer> {
    const id = this.nextId++;
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.timedOut = true;
        this.process.kill('SIGKILL');
      }, timeoutMs);
      this.waiting.set(id, { resolve, reject, timer });
      this.process.send({ id, work }, (error) => {
        if (error !== null) this.settle(id)?.reject(new ChildGone(error.message, false));
      });
    });
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    if (waiting !== undefined) clearTimeout(waiting.timer);
    this.waiting.delete(id);
    return waiting;
  }

  private fail(message: string): void {
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(new ChildGone(message, this.timedOut));
  }
}
