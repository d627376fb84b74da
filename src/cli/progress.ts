import { SingleBar } from 'cli-progress';
import { formatBytes } from '../domain/format-bytes.js';
import { visibleText } from '../domain/visible-text.js';
import { exitCodes } from './exit.js';
import { printNote } from './output.js';

interface Progress {
  at(done: number, before?: number): void;
  end(): void;
}

/** How an amount is written: `12`, or `12.0 MB`. */
type Format = (amount: number) => string;

const secondsBetweenLines = 5;

const plain: Format = (amount) => (Number.isInteger(amount) ? String(amount) : amount.toFixed(1));

/**
 * Runs `work` and tells its progress on standard error: a bar with rate and time left on a terminal, now and then a
 * plain line elsewhere. It ends with the work, also a failed one: the timer of a bar would keep the process alive.
 * `work` says how much is done, and how much of that an earlier run did, which does not count for the rate.
 */
export async function withProgress<Result>(
  what: string,
  total: number | null,
  work: (at: (done: number, before?: number) => void) => Promise<Result>,
  unit: 'items' | 'bytes' = 'items',
): Promise<Result> {
  const format = unit === 'bytes' ? formatBytes : plain;
  const progress = process.stderr.isTTY && total !== null ? bar(what, total, format) : lines(what, total, format);
  try {
    return await work((done, before) => {
      progress.at(done, before);
    });
  } finally {
    progress.end();
  }
}

function bar(what: string, total: number, format: Format): Progress {
  const startedAt = performance.now();
  const line = `${visibleText(what)} [{bar}] {done}/{of} | {rate}/s | {left} left`;
  const single = new SingleBar({ format: line, stream: process.stderr, hideCursor: true });
  const of = format(total);
  // Else the terminal stays without a cursor. Who has a listener of his own ends the bar with the work.
  const onInterrupt = (): void => {
    if (process.listenerCount('SIGINT') > 1) return;
    single.stop();
    process.exit(exitCodes.interrupted);
  };
  process.on('SIGINT', onInterrupt);
  single.start(total, 0, { done: format(0), of, rate: format(0), left: '?' });
  return {
    at(done, before = 0) {
      const rate = rateOf(done - before, startedAt);
      single.update(done, { done: format(done), rate: format(rate), left: timeLeft(Math.max(0, total - done), rate) });
    },
    end() {
      process.off('SIGINT', onInterrupt);
      single.stop();
    },
  };
}

function lines(what: string, total: number | null, format: Format): Progress {
  const startedAt = performance.now();
  let lastLineAt = startedAt;
  let [last, lastBefore] = [0, 0];
  const line = (): void => {
    const rate = rateOf(last - lastBefore, startedAt);
    const of = total === null ? '' : `/${format(total)}`;
    const left = total === null || rate === 0 ? '' : `, ${timeLeft(Math.max(0, total - last), rate)} left`;
    printNote(`${what}: ${format(last)}${of}, ${format(rate)}/s${left}`);
  };
  return {
    at(done, before = 0) {
      [last, lastBefore] = [done, before];
      if (performance.now() - lastLineAt < secondsBetweenLines * 1000) return;
      lastLineAt = performance.now();
      line();
    },
    end: line,
  };
}

/** Per second, to a tenth. */
function rateOf(done: number, startedAt: number): number {
  const seconds = (performance.now() - startedAt) / 1000;
  return Number((done / Math.max(seconds, 1e-3)).toFixed(1));
}

function timeLeft(amount: number, rate: number): string {
  if (rate <= 0) return '?';
  const seconds = Math.ceil(amount / rate);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
