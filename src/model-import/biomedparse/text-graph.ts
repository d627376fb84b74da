import type { ValueName } from '../onnx/graph-writer.js';
import { causalBias } from '../causal-bias.js';
import type { Layers } from '../layers.js';
import type { BiomedParseConfig } from './config.js';
import { selfAttention, sizeOf } from './network.js';
import { keys } from './state-dict.js';

const epsilon = 1e-12;

/**
 * The CLIP-style text tower (modeling/language/LangEncoder/transformer.py) and the projection of its tokens:
 * `input_ids` int32 [length], start and end included → `tokens` float32 [length, width], `sentence` float32 [1, width]:
 * the token at the first end id, which is the largest of all ids.
 *
 * The tower is causal, so the official padding to 77 changes no token before it: it is left out.
 */
export async function writeTextGraph(layers: Layers, config: BiomedParseConfig): Promise<void> {
  const { graph } = layers;
  const { text, width } = config;
  const ids = graph.input('input_ids', 'int32', ['length']);
  const length = sizeOf(layers, ids, 0);
  const words = graph.op('Gather', [await layers.tensor(`${keys.text}token_embedding.weight`), ids], { axis: 0 });
  const table = await layers.tensor(`${keys.text}positional_embedding`);
  const positions = graph.op('Slice', [table, graph.integers([0]), length, graph.integers([0])]);
  let x = graph.op('Unsqueeze', [graph.op('Add', [words, positions]), graph.integers([0])]);
  const bias = causalBias(graph, length);
  for (let i = 0; i < text.layers; i++) x = await block(layers, x, `${keys.text}resblocks.${i}.`, config, bias);
  const even = await layers.norm(x, `${keys.text}ln_final`, epsilon);
  const projected = graph.op('MatMul', [even, await layers.tensor(`${keys.language}lang_proj`)]);
  const tokens = graph.op('Squeeze', [projected, graph.integers([0])]);
  graph.output(tokens, 'tokens', 'float32', ['length', width]);
  const end = graph.op('ArgMax', [ids], { axis: 0, keepdims: 1 });
  graph.output(graph.op('Gather', [tokens, end], { axis: 0 }), 'sentence', 'float32', [1, width]);
}

/** x += attention(ln_1(x)); x += c_proj(quickGelu(c_fc(ln_2(x)))) */
async function block(
  layers: Layers,
  x: ValueName,
  name: string,
  { text }: BiomedParseConfig,
  bias: ValueName,
): Promise<ValueName> {
  const { graph } = layers;
  const even = await layers.norm(x, `${name}ln_1`, epsilon);
  const attended = await selfAttention(layers, { x: even, positions: null, name: `${name}attn` }, text, bias);
  const after = graph.op('Add', [x, attended]);
  const hidden = await layers.linear(await layers.norm(after, `${name}ln_2`, epsilon), `${name}mlp.c_fc`);
  return graph.op('Add', [after, await layers.linear(quickGelu(layers, hidden), `${name}mlp.c_proj`)]);
}

/** x · sigmoid(1.702 x) */
function quickGelu({ graph }: Layers, x: ValueName): ValueName {
  return graph.op('Mul', [x, graph.op('Sigmoid', [graph.op('Mul', [x, graph.constant([1.702])])])]);
}
