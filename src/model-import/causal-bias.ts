import type { GraphWriter, ValueName } from './onnx/graph-writer.js';

/** Minus infinity for keys after the query, 0 for the others: float32 [length, length]. @param length int64 [1] */
export function causalBias(graph: GraphWriter, length: ValueName): ValueName {
  const zero = graph.integers([0], []);
  const steps = graph.op('Range', [zero, graph.op('Squeeze', [length]), graph.integers([1], [])]);
  const column = graph.op('Unsqueeze', [steps, graph.integers([1])]);
  const later = graph.op('Less', [column, steps]);
  return graph.op('Where', [later, graph.constant([-Infinity]), graph.constant([0])]);
}
