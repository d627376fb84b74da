import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../../domain/errors.js';
import type { RunWork } from './messages.js';
import type { ProviderName } from '../../domain/inference-status.js';

const smi = promisify(execFile);
/** Providers whose memory nvidia-smi tells. */
const measurable: readonly ProviderName[] = ['cuda', 'tensorrt'];

/**
 * A limit to the GPU memory of this process. onnxruntime-node hands no limit on to ONNX Runtime, so it is kept by
 * measuring: around the load of the model, and around each run that is larger than all before, which is when ONNX
 * Runtime's arena grows. Where the driver does not tell how much each process has (in a container, where processes have
 * other numbers), what the GPU's memory grew by meanwhile is taken for ours: what others take at other times is not.
 */
export class GpuMemoryGuard {
  private maxRun = 0;
  /** As far as we know by growth. */
  private grownTo = 0;

  private constructor(
    private readonly megabytes: number,
    private readonly device: number,
    /** What the GPU's memory held when the load or the run began. */
    private heldBefore: number,
  ) {}

  /**
   * Before a model is loaded by a provider.
   * @param megabytes 0 for none
   * @returns null where there is no limit
   * @throws {Error} the memory of this provider cannot be measured
   */
  static async begin(provider: ProviderName, megabytes: number, device: number): Promise<GpuMemoryGuard | null> {
    if (megabytes === 0 || provider === 'cpu') return null;
    if (!measurable.includes(provider)) {
      throw new Error(`FIGSEEK_GPU_MEMORY_MB is set, and the memory that ${provider} takes cannot be measured`);
    }
    return new GpuMemoryGuard(megabytes, device, await usedOn(device));
  }

  /** After the load. @throws {Error} more is used than allowed, or it cannot be measured */
  async check(): Promise<void> {
    const excess = this.excessOf(await this.used());
    if (excess !== null) throw new Error(excess);
  }

  /** Before a run. */
  async beforeRun(work: RunWork): Promise<void> {
    if (sizeOf(work) <= this.maxRun) return;
    try {
      this.heldBefore = await usedOn(this.device);
    } catch (error) {
      console.error(messageOf(error));
    }
  }

  /** After a run. @returns what to say where more is used than allowed; null where not, and where it cannot be measured now */
  async checkAfterRun(work: RunWork): Promise<string | null> {
    const size = sizeOf(work);
    if (size <= this.maxRun) return null;
    try {
      const excess = this.excessOf(await this.used());
      if (excess === null) this.maxRun = size;
      return excess;
    } catch (error) {
      console.error(messageOf(error));
      return null;
    }
  }

  private excessOf(used: number): string | null {
    if (used <= this.megabytes) return null;
    // “Out of memory” is what halves the runs.
    return `out of memory: ${used} MB are used where FIGSEEK_GPU_MEMORY_MB allows ${this.megabytes}`;
  }

  private async used(): Promise<number> {
    const listing = await ask(['--query-compute-apps=pid,used_gpu_memory']);
    const held = await usedOn(this.device);
    this.grownTo += Math.max(0, held - this.heldBefore);
    this.heldBefore = held;
    return usedBy(listing, process.pid) ?? this.grownTo;
  }
}

function sizeOf(work: RunWork): number {
  return 'pixels' in work ? work.pixels.length : work.ids.length * bytesOfToken;
}

/** So that runs of texts count as large as runs of images that take about the same memory. */
const bytesOfToken = 1000;

/** @param listing lines “1234, 2048”, process and megabytes @returns null where the process is not in it */
export function usedBy(listing: string, pid: number): number | null {
  const rows = listing.split('\n').map((line) => line.split(',').map((cell) => cell.trim()));
  const own = rows.filter(([number]) => number === String(pid)).map(([, megabytes]) => Number(megabytes));
  return own.length === 0 || own.some(Number.isNaN) ? null : own.reduce((sum, one) => sum + one, 0);
}

async function usedOn(device: number): Promise<number> {
  const told = await ask(['--query-gpu=memory.used', `--id=${visible(device)}`]);
  const megabytes = Number(told.trim());
  if (told.trim() !== '' && !Number.isNaN(megabytes)) return megabytes;
  throw new Error(`FIGSEEK_GPU_MEMORY_MB is set, and nvidia-smi tells no memory of GPU ${device}: ${told.trim()}`);
}

/** CUDA numbers the GPUs that it may see, nvidia-smi all that there are. */
function visible(device: number): string {
  return process.env['CUDA_VISIBLE_DEVICES']?.split(',')[device]?.trim() ?? String(device);
}

async function ask(question: readonly string[]): Promise<string> {
  try {
    return (await smi('nvidia-smi', [...question, '--format=csv,noheader,nounits'], { timeout: 20_000 })).stdout;
  } catch (error) {
    const reason = messageOf(error).split('\n', 1)[0] ?? '';
    throw new Error(`FIGSEEK_GPU_MEMORY_MB is set, and nvidia-smi, which measures it, cannot be asked: ${reason}`, {
      cause: error,
    });
  }
}
