/**
 * The inference child. `run()` of onnxruntime-node blocks its thread and the process aborts when it ends during a run,
 * so it lives in a process of its own that can be killed and started again.
 */
import { OnnxGraph } from './onnx-graph.js';
import { runWorkerLoop } from './worker-loop.js';

runWorkerLoop((file, provider, options) => OnnxGraph.open(file, provider, options));
