import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { z } from 'zod';
import { writeFileAtomic } from '../../platform/atomic-file.js';
import type { Calibration } from '../../domain/calibration.js';
import { CalibrationStore } from '../../ports/calibration-store.js';
import type { ProviderName } from '../../domain/inference-status.js';

const schema = z.strictObject({
  format: z.literal(1),
  /** By what was measured: see `keyOf`. */
  measured: z.record(
    z.string(),
    z.strictObject({
      threads: z.int().min(1).max(4096),
      batch: z.int().min(1).max(256),
      tokens: z.int().min(1),
      imagesPerSecond: z.number().positive(),
    }),
  ),
});

/** What suited which model on which machine, kept in a file of the data folder. */
export class CalibrationFile extends CalibrationStore {
  constructor(private readonly file: string) {
    super();
  }

  /** @returns null where this machine has not measured the model; a damaged file is measured anew */
  async read(version: string, providers: readonly ProviderName[]): Promise<Calibration | null> {
    return (await this.all())[keyOf(version, providers)] ?? null;
  }

  async write(version: string, providers: readonly ProviderName[], calibration: Calibration): Promise<void> {
    const measured = { ...(await this.all()), [keyOf(version, providers)]: calibration };
    await writeFileAtomic(this.file, Buffer.from(`${JSON.stringify({ format: 1, measured }, null, 2)}\n`));
  }

  private async all(): Promise<Readonly<Record<string, Calibration>>> {
    try {
      return schema.parse(JSON.parse(await readFile(this.file, 'utf8'))).measured;
    } catch {
      return {};
    }
  }
}

/** The data folder may move to another machine. */
function keyOf(version: string, providers: readonly ProviderName[]): string {
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown'} × ${availableParallelism()}`;
  return `${version.slice(0, 16)} ${providers.join(',')} ${machine}`;
}
