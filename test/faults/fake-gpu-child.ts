/**
 * An inference child whose provider `cuda`, or any other but the CPU, computes on the CPU until it fails in the way that FAKE_GPU names, at the
 * run that FAKE_GPU_RUN names: what a GPU that fails looks like from outside.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { OnnxGraph, type RunnableGraph } from '../../src/adapters/onnx/onnx-graph.js';
import { runWorkerLoop } from '../../src/adapters/onnx/worker-loop.js';

const way = process.env['FAKE_GPU'];
/** A file with the megabytes that the fake nvidia-smi tells. */
const memory = process.env['FAKE_GPU_MEMORY'];
/** The warm-up takes a run of each graph. */
const firstBadRun = 2 + Number(process.env['FAKE_GPU_RUN'] ?? 1);
const devices = (process.env['FAKE_GPU_DEVICES'] ?? '0').split(',').map(Number);
const failing = Number(process.env['FAKE_GPU_FAILING'] ?? 0);
let runs = 0;

runWorkerLoop(async (file, provider, options) => {
  if (provider === 'cpu') return OnnxGraph.open(file, provider, options);
  if (way === 'killed at load' || (way === 'one absent, one killed' && provider === 'dml'))
    process.kill(process.pid, 'SIGKILL');
  if (way === 'absent' || way === 'one absent, one killed')
    throw new Error('libcudnn.so.9: cannot open shared object file');
  if (!devices.includes(options.device)) throw new Error(`CUDA failure 101: invalid device ordinal ${options.device}`);
  const graph = await OnnxGraph.open(file, 'cpu', options);
  // The probe comes before the model.
  if (typeof file !== 'string') return way === 'other numbers' ? reversing(graph) : graph;
  if (way === 'other answers') return reversing(graph);
  if (memory !== undefined) return growing(graph, memory);
  return options.device === failing ? failingGraph(graph) : graph;
});

function reversing(graph: OnnxGraph): RunnableGraph {
  return {
    inputNames: graph.inputNames,
    release: () => graph.release(),
    run: async (feeds, fetches) => {
      const outputs = await graph.run(feeds, fetches);
      for (const { data } of Object.values(outputs)) if (data instanceof Float32Array) data.reverse();
      return outputs;
    },
  };
}

/** 500 MB with each graph, and 500 MB for each input of its largest run until it is released: as an arena of ONNX Runtime. */
function growing(graph: OnnxGraph, file: string): RunnableGraph {
  let held = 0;
  const hold = (megabytes: number): void => {
    writeFileSync(file, String(Number(readFileSync(file, 'utf8')) + megabytes - held));
    held = megabytes;
  };
  hold(500);
  return {
    inputNames: graph.inputNames,
    release: () => {
      hold(0);
      return graph.release();
    },
    run: (feeds, fetches) => {
      const count = Object.values(feeds)[0]?.dims[0] ?? 0;
      hold(Math.max(held, 500 + 500 * count));
      return graph.run(feeds, fetches);
    },
  };
}

function failingGraph(graph: OnnxGraph): RunnableGraph {
  return {
    inputNames: graph.inputNames,
    release: () => graph.release(),
    run: async (feeds, fetches) => {
      runs += 1;
      if (way === 'at the first run') throw new Error('CUDA failure 209: no kernel image is available');
      const isBad = runs >= firstBadRun;
      if (isBad && way === 'device lost') throw new Error('CUDA failure 999: unknown error; GPU=0');
      if (isBad && way === 'process killed') process.kill(process.pid, 'SIGKILL');
      if (isBad && way === 'no answer') return new Promise(() => undefined);
      const count = Object.values(feeds)[0]?.dims[0] ?? 0;
      if (way === 'out of memory' && count > 3) throw new Error('CUDA error: out of memory, 2147483648 bytes');
      const outputs = await graph.run(feeds, fetches);
      if (isBad && way === 'not a number')
        for (const { data } of Object.values(outputs)) if (data instanceof Float32Array) data.fill(NaN);
      return outputs;
    },
  };
}
