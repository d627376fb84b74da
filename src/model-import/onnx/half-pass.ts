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
 * Converts the convolutions and matrix products of a graph, and the values between them, to float16. All else stays in
 * float32, as do sums with a term in it: norms and their means, softmax, residual streams, positions, outputs.
 */
export function convertToFloat16({ nodes, initializers, inputs }: PlainGraph): readonly PlainNode[] {
  const values = new TypedValues([...inputs, ...initializers]);
  const given = new Set(initializers.map(({ name }) => name));
  for (const node of nodes) {
    const isComputedInHalf = node.input.filter((name) => !given.has(name)).every((name) => values.isHalf(name));
    convertNode(values, node, isComputedInHalf);
  }
  return values.nodes;
}

/** @param isComputedInHalf whether all inputs that are no weights are in float16 */
function convertNode(values: TypedValues, node: PlainNode, isComputedInHalf: boolean): void {
  const { op_type: operator, input, output } = node;
  const [first = '', ...rest] = input;
  const [result = ''] = output;
  if (operator === 'Cast') {
    values.add(node, result, castType(node));
    // A weight that is stored in float16 and widened: a node that needs it in float16 takes the stored one.
    if (values.isHalf(first)) values.replaceCast(result, first);
  } else if (heavy.has(operator) || (light.has(operator) && isComputedInHalf)) {
    values.add({ ...node, input: input.map((name) => values.cast(name, 'float16')) }, result, 'float16');
  } else if (moving.has(operator)) {
    const converted = [first, ...rest.map((name) => values.cast(name, 'float32'))];
    values.add({ ...node, input: converted }, result, values.typeOf(first));
  } else {
    const converted = input.map((name) => values.cast(name, 'float32'));
    const type = operator === 'Shape' ? 'int64' : widen(values.typeOf(first));
    values.add({ ...node, input: converted }, result, type);
  }
}

/** Nodes that were converted, with the types of all values that are known so far. */
class TypedValues {
  readonly nodes: PlainNode[] = [];
  private readonly types: Map<string, ElementType>;
  /** By the name of a value, the name of the same value in the other one of float32 and float16. */
  private readonly casts = new Map<string, string>();

  constructor(values: readonly { readonly name: string; readonly type: ElementType }[]) {
    this.types = new Map(values.map(({ name, type }) => [name, type]));
  }

  typeOf(name: string): ElementType | undefined {
    return this.types.get(name);
  }

  isHalf(name: string): boolean {
    return this.types.get(name) === 'float16';
  }

  /** @param type of the result; undefined where it is not known */
  add(node: PlainNode, result: string, type: ElementType | undefined): void {
    this.nodes.push(node);
    if (type !== undefined) this.types.set(result, type);
  }

  /** Lets `cast` take `other` for the value `name`. */
  replaceCast(name: string, other: string): void {
    this.casts.set(name, other);
  }

  /** @returns the name of the value in this type, which a node is added for; its own name where it is no float */
  cast(name: string, type: 'float16' | 'float32'): string {
    const present = this.types.get(name);
    if (present === type || (present !== 'float32' && present !== 'float16')) return name;
    const known = this.casts.get(name);
    if (known !== undefined) return known;
    const cast = `${name}_as_${type}`;
    this.add(castNode(name, cast, type), cast, type);
    this.casts.set(name, cast);
    return cast;
  }
}

/** The result of an operator that is not converted has the type of its first input, in float32. */
function widen(type: ElementType | undefined): ElementType | undefined {
  return type === 'float16' ? 'float32' : type;
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
