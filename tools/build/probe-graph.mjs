// Writes src/adapters/onnx/probe-graph.ts: the graph by which a GPU is tried before a model is loaded. Run it by hand, after a build.
import { writeFileSync } from 'node:fs';
import { encodeModel } from '#dist/src/model-import/onnx/onnx-schema.js';

const products = 8;
const matrix = (name) => ({
  name,
  type: { tensor_type: { elem_type: 1, shape: { dim: [{ dim_param: 'n' }, { dim_param: 'n' }] } } },
});
const node = Array.from({ length: products }, (_, i) => ({
  op_type: 'MatMul',
  input: [i === 0 ? 'x' : `x${i}`, 'm'],
  output: [i === products - 1 ? 'y' : `x${i + 1}`],
  name: `product${i}`,
}));
const bytes = encodeModel({
  ir_version: 8,
  producer_name: 'figseek',
  graph: { node, name: 'probe', initializer: [], input: [matrix('x'), matrix('m')], output: [matrix('y')] },
  opset_import: [{ domain: '', version: 17 }],
});
const lines =
  Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,100}/g) ?? [];
writeFileSync(
  'src/adapters/onnx/probe-graph.ts',
  `/** x · m · m · … , eight products of square matrices, as an ONNX model; written by tools/build/probe-graph.mjs. */
export const probeGraph: Uint8Array = Buffer.from(
  [
${lines.map((line) => `    '${line}',`).join('\n')}
  ].join(''),
  'base64',
);
`,
);
