import { expect, it } from '@jest/globals';
import { convertToFloat16, type PlainNode } from './half-pass.js';

function node(type: string, input: readonly string[], output: string): PlainNode {
  return { op_type: type, input, output: [output], name: output };
}

const widened: PlainNode = { ...node('Cast', ['w'], 'wide'), attribute: [{ name: 'to', type: 2, i: 1 }] };

/** Each operator with what it takes. */
function lines(nodes: readonly PlainNode[]): readonly string[] {
  return nodes.map(({ op_type: type, input, output }) => `${output.join()} = ${type}(${input.join()})`);
}

it('computes convolutions and products in half, and what passes between them; all else and the outputs in float32', () => {
  const nodes = [
    widened,
    node('Conv', ['x', 'wide'], 'a'),
    node('Add', ['a', 'one'], 'b'),
    node('Reshape', ['b', 'shape'], 'c'),
    node('LayerNormalization', ['c', 'one', 'one'], 'd'),
    node('Add', ['x', 'd'], 'e'),
    node('MatMul', ['e', 'wide'], 'f'),
    node('Add', ['e', 'f'], 'g'),
    node('Identity', ['f'], 'out'),
  ];
  const graph = {
    nodes,
    inputs: [{ name: 'x', type: 'float32' as const }],
    initializers: [
      { name: 'w', type: 'float16' as const },
      { name: 'one', type: 'float32' as const },
      { name: 'shape', type: 'int64' as const },
    ],
  };
  expect(lines(convertToFloat16(graph))).toEqual([
    'wide = Cast(w)',
    'x_as_float16 = Cast(x)',
    // The weight as it lies, not widened and made small again.
    'a = Conv(x_as_float16,w)',
    'one_as_float16 = Cast(one)',
    'b = Add(a,one_as_float16)',
    'c = Reshape(b,shape)',
    'c_as_float32 = Cast(c)',
    'd = LayerNormalization(c_as_float32,one,one)',
    // A sum that began in float32 stays there.
    'e = Add(x,d)',
    'e_as_float16 = Cast(e)',
    'f = MatMul(e_as_float16,w)',
    'f_as_float32 = Cast(f)',
    'g = Add(e,f_as_float32)',
    'out = Identity(f_as_float32)',
  ]);
});
