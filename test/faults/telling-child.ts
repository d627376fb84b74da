/** An inference child that loads slowly where SLOW_LOAD_MS says so, and writes what each run was into the file TOLD_RUNS. */
import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { OnnxGraph } from '../../src/adapters/onnx/onnx-graph.js';
import { runWorkerLoop } from '../../src/adapters/onnx/worker-loop.js';

const slow = Number(process.env['SLOW_LOAD_MS'] ?? 0);
const told = process.env['TOLD_RUNS'];

runWorkerLoop(async (file, provider, options) => {
  await wait(slow);
  const graph = await OnnxGraph.open(file, provider, options);
  return {
    inputNames: graph.inputNames,
    release: () => graph.release(),
    run: (feeds, fetches) => {
      const dims = Object.values(feeds)[0]?.dims ?? [];
      if (told !== undefined) appendFileSync(told, `${JSON.stringify(dims)}\n`);
      return graph.run(feeds, fetches);
    },
  };
});
