import { LRUCache } from 'lru-cache';
import { FigseekError } from '../domain/errors.js';

const cacheBytes = 64 * 2 ** 20;

interface RenderLimits {
  /** How many images are made at the same time. */
  readonly concurrency: number;
  /** Most images that are made or wait; more are refused. */
  readonly maxPending: number;
  /** The message of the refusal. */
  readonly refusal: string;
}

/** Images that are made on demand, each once for all who ask for it meanwhile, and kept in a cache of 64 MiB. */
export class RenderedImages {
  private readonly cache = new LRUCache<string, Buffer>({
    maxSize: cacheBytes,
    sizeCalculation: ({ length }) => length,
  });
  private readonly pending = new Map<string, Promise<Buffer>>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly limits: RenderLimits) {}

  /**
   * @param key names all that the bytes depend on
   * @throws {FigseekError} RATE_LIMITED, and what `render` throws, which is not kept
   */
  async get(key: string, render: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.cache.get(key) ?? this.pending.get(key);
    if (known !== undefined) return known;
    const { maxPending, refusal } = this.limits;
    if (this.pending.size >= maxPending) throw new FigseekError('RATE_LIMITED', refusal);
    const rendered = this.renderInTurn(key, render).finally(() => this.pending.delete(key));
    this.pending.set(key, rendered);
    return rendered;
  }

  private async renderInTurn(key: string, render: () => Promise<Buffer>): Promise<Buffer> {
    if (this.running >= this.limits.concurrency) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      const image = await render();
      this.cache.set(key, image);
      return image;
    } finally {
      // The next image that waits is started; where none waits, the place becomes free.
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }
}
