import { elementTypes, type ElementType } from './onnx-schema.js';

export type Plain = Readonly<Record<string, unknown>>;

/** A graph before it is written; names as in ONNX's schema. */
export interface PlainGraph {
  readonly nodes: readonly PlainNode[];
  readonly initializers: readonly { readonly name: string; readonly type: ElementType }[];
  readonly inputs: readonly { readonly name: string; readonly type: ElementType }[];
}

export interface PlainNode {
  readonly op_type: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly attribute?: readonly Plain[];
}

/** Most of the multiplications. */
const heavy = new Set(['Conv', 'MatMul']);
/** One value at a time, or a few: in half where what comes in is. */
const light = new Set(['Add', 'Sub', 'Mul', 'Div', 'Relu', 'Erf', 'AveragePool', 'Concat']);
/** They move values; of their inputs the first holds these. */
const moving = new Set(['Reshape', 'Transpose', 'Slice', 'Squeeze', 'Unsqueeze', 'Expand', 'Resize', 'Gather']);

/**
 * The same graph with its convolutions and matrix products, and what passes between them, in float16. All else stays in
 * float32, as do sums with a part in it: norms and their means, softmax, residual streams, positions, outputs.
 */
export function inHalf({ nodes, initializers, inputs }: PlainGraph): readonly PlainNode[] {
  const given = new Set(initializers.map(({ name }) => name));
  const types = new Map<string, ElementType>([...inputs, ...initializers].map(({ name, type }) => [name, type]));
  const out: PlainNode[] = [];
  /** Of values in float32, the same in float16; and the other way round. */
  const casts = new Map<string, string>();
  const as = (name: string, type: 'float16' | 'float32'): string => {
    const is = types.get(name);
    if (is === type || (is !== 'float32' && is !== 'float16')) return name;
    const known = casts.get(name);
    if (known !== undefined) return known;
    const cast = `${name}_as_${type}`;
    out.push(castNode(name, cast, type));
    types.set(cast, type);
    casts.set(name, cast);
    return cast;
  };
  for (const node of nodes) {
    const { op_type: operator, input, output } = node;
    const [first = '', ...rest] = input;
    const [result = ''] = output;
    const isHalf = (name: string): boolean => types.get(name) === 'float16';
    const computed = (names: readonly string[]): readonly string[] => names.filter((name) => !given.has(name));
    if (operator === 'Cast') {
      out.push(node);
      types.set(result, castType(node));
      // A weight that lies in float16 and is widened: whoever wants it in half takes it as it lies.
      if (isHalf(first)) casts.set(result, first);
    } else if (heavy.has(operator) || (light.has(operator) && computed(input).every(isHalf))) {
      out.push({ ...node, input: input.map((name) => as(name, 'float16')) });
      types.set(result, 'float16');
    } else if (moving.has(operator)) {
      out.push({ ...node, input: [first, ...rest.map((name) => as(name, 'float32'))] });
      setType(types, result, types.get(first));
    } else {
      out.push({ ...node, input: input.map((name) => as(name, 'float32')) });
      setType(types, result, operator === 'Shape' ? 'int64' : typeAfter(input, types));
    }
  }
  return out;
}

/** Of an operator that is left alone: that of its numbers. */
function typeAfter(input: readonly string[], types: ReadonlyMap<string, ElementType>): ElementType | undefined {
  const type = types.get(input[0] ?? '');
  return type === 'float16' ? 'float32' : type;
}

function setType(types: Map<string, ElementType>, name: string, type: ElementType | undefined): void {
  if (type !== undefined) types.set(name, type);
}

function castNode(from: string, to: string, type: ElementType): PlainNode {
  const attribute = [{ name: 'to', type: 2, i: elementTypes[type] }];
  return { op_type: 'Cast', input: [from], output: [to], name: `Cast_${to}`, attribute };
}

function castType({ attribute = [] }: PlainNode): ElementType {
  const to = attribute.find(({ name }) => name === 'to')?.['i'];
  const found = (Object.keys(elementTypes) as ElementType[]).find((type) => elementTypes[type] === to);
  if (found === undefined) throw new Error(`A cast to an unknown type (${String(to)})`);
  return found;
}
