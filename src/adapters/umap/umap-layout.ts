import { Worker } from 'node:worker_threads';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { MapLayout, type LayoutOptions, type NeighborGraph } from '../../ports/map-layout.js';
import type { UmapMessage } from './umap-messages.js';

/** UMAP in a thread of its own, at low priority, which ends with the work. */
export class UmapLayout extends MapLayout {
  async layOut(graph: NeighborGraph, { onProgress, signal }: LayoutOptions): Promise<Float32Array> {
    signal.throwIfAborted();
    const worker = new Worker(new URL('./umap-thread.js', import.meta.url), {
      execArgv: [],
      workerData: graph,
      transferList: [graph.neighbors.buffer, graph.distances.buffer],
    });
    const stop = (): void => void worker.terminate();
    signal.addEventListener('abort', stop);
    try {
      return await new Promise<Float32Array>((resolve, reject) => {
        worker.on('message', (message: UmapMessage) => {
          if (message.kind === 'progress') onProgress(message.share);
          else resolve(message.places);
        });
        worker.on('error', (error) => {
          reject(failed(messageOf(error)));
        });
        worker.on('exit', () => {
          reject(signal.aborted ? (signal.reason as Error) : failed('the thread ended'));
        });
      });
    } finally {
      signal.removeEventListener('abort', stop);
      await worker.terminate();
    }
  }
}

function failed(reason: string): FigseekError {
  return new FigseekError('INTERNAL_SERVER_ERROR', `The map could not be laid out: ${reason}`);
}
