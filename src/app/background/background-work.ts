import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import type { JobStep, ModelJobResult } from '../../domain/model-job.js';
import { bulkNiceness, forkChild } from '../../platform/worker-process.js';
import type { Config } from '../config.js';
import { cancelMessage, type Report, type Work } from './messages.js';

const entry = path.join(import.meta.dirname, 'child.js');
/** A process that was told to end may write what it has in hand for so long. */
const graceMs = 8000;

/** Who is told what a background process does. */
export interface WorkListener {
  readonly tell?: (line: string) => void;
  readonly step?: (step: JobStep | null) => void;
  readonly begun?: (runId: string) => void;
}

/** Runs long work in processes of their own, which end with the server. */
export class BackgroundWork {
  private readonly running = new Map<Promise<unknown>, AbortController>();

  constructor(private readonly config: Config) {}

  /**
   * @param signal aborted: the process ends with what is in hand
   * @throws {FigseekError} what the work throws; INTERNAL_SERVER_ERROR where the process ended before it, or was ended
   */
  async run(work: Work, listener: WorkListener, signal: AbortSignal): Promise<ModelJobResult | null> {
    const end = new AbortController();
    const ended = this.follow(work, listener, AbortSignal.any([signal, end.signal]));
    this.running.set(ended, end);
    try {
      return await ended;
    } finally {
      this.running.delete(ended);
    }
  }

  /** Ends all that runs; the next start goes on from what is stored. */
  async close(): Promise<void> {
    const all = [...this.running];
    for (const [, end] of all) end.abort();
    await Promise.allSettled(all.map(([ended]) => ended));
  }

  private follow(work: Work, listener: WorkListener, signal: AbortSignal): Promise<ModelJobResult | null> {
    if (signal.aborted) return Promise.reject(endedEarly('was not begun'));
    const child = start(this.config, work);
    const stop = cancelAtAbort(child, signal);
    return new Promise<ModelJobResult | null>((resolve, reject) => {
      child.on('message', (report: Report) => {
        if (report.kind === 'told') listener.tell?.(report.line);
        else if (report.kind === 'step') listener.step?.(report.step);
        else if (report.kind === 'begun') listener.begun?.(report.runId);
        else if (report.kind === 'done') resolve(report.result);
        else reject(new FigseekError(report.code ?? 'INTERNAL_SERVER_ERROR', report.message));
      });
      child.on('error', reject);
      child.on('exit', (code, by) => {
        reject(endedEarly(`ended (${by ?? `exit code ${code ?? 'unknown'}`})`));
      });
    }).finally(stop);
  }
}

function start(config: Config, work: Work): ChildProcess {
  // Searches go first.
  const child = forkChild(entry, bulkNiceness);
  child.send({ config, work }, () => undefined);
  return child;
}

/** @returns what ends the waiting for the signal */
function cancelAtAbort(child: ChildProcess, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | null = null;
  const cancel = (): void => {
    if (child.connected) child.send(cancelMessage, () => undefined);
    timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  signal.addEventListener('abort', cancel, { once: true });
  child.once('exit', () => {
    if (timer !== null) clearTimeout(timer);
  });
  return () => {
    signal.removeEventListener('abort', cancel);
  };
}

function endedEarly(how: string): FigseekError {
  return new FigseekError('INTERNAL_SERVER_ERROR', `The process of the work ${how} before the work was done`);
}
