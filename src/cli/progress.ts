import { SingleBar } from 'cli-progress';

interface Progress {
  at(done: number): void;
  end(): void;
}

const secondsBetweenLines = 5;

/**
 * Runs `work` and tells its progress on standard error: a bar with rate and time left on a terminal, now and then a
 * plain line elsewhere. It ends with the work, also a failed one: the timer of a bar would keep the process alive.
 */
export async function withProgress<Result>(
  what: string,
  total: number | null,
  work: (at: (done: number) => void) => Promise<Result>,
): Promise<Result> {
  const progress = reportProgress(what, total);
  try {
    return await work((done) => {
      progress.at(done);
    });
  } finally {
    progress.end();
  }
}

function reportProgress(what: string, total: number | null): Progress {
  return process.stderr.isTTY && total !== null ? bar(what, total) : lines(what, total);
}

function bar(what: string, total: number): Progress {
  const startedAt = performance.now();
  const format = `${what} [{bar}] {value}/{total} | {rate}/s | {eta_formatted} left`;
  const single = new SingleBar({ format, stream: process.stderr, hideCursor: true });
  single.start(total, 0, { rate: '0' });
  return {
    at(done) {
      single.update(done, { rate: rateOf(done, startedAt) });
    },
    end() {
      single.stop();
    },
  };
}

function lines(what: string, total: number | null): Progress {
  const startedAt = performance.now();
  let lastLineAt = startedAt;
  let last = 0;
  const line = (): void => {
    const rate = Number(rateOf(last, startedAt));
    const left = total === null || rate === 0 ? '' : `, ${Math.ceil((total - last) / rate)} s left`;
    console.error(`${what}: ${last}${total === null ? '' : `/${total}`}, ${rate}/s${left}`);
  };
  return {
    at(done) {
      last = done;
      if (performance.now() - lastLineAt < secondsBetweenLines * 1000) return;
      lastLineAt = performance.now();
      line();
    },
    end: line,
  };
}

function rateOf(done: number, startedAt: number): string {
  const seconds = (performance.now() - startedAt) / 1000;
  return (done / Math.max(seconds, 1e-3)).toFixed(1);
}
