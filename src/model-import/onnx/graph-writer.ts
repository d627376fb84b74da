import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { convertToFloat16, type Plain, type PlainNode } from './half-pass.js';
import { encodeModel, elementTypes, type ElementType } from './onnx-schema.js';
import type { FloatType } from '../../model-packages/precision.js';
import { WeightFile, type StoredWeight, type WeightStorage } from './weight-file.js';

/** The name of a value inside a graph. */
export type ValueName = string;

type Attribute = number | string | readonly number[] | { readonly float: number };

/** An entry of the graph, with the type of its values. */
interface Named {
  readonly name: string;
  readonly type: ElementType;
  readonly entry: Plain;
}

/** A dimension of an input or output: a number, or a name where any size goes. */
export type Dimension = number | string;

const irVersion = 8;
const opset = 17;
/**
 * Writes one ONNX graph in plain operators (opset 17) with its weights beside it (external data). Knows no
 * architecture.
 */
export class GraphWriter {
  private readonly nodes: PlainNode[] = [];
  private readonly initializers: Named[] = [];
  private readonly inputs: Named[] = [];
  private readonly outputs: Plain[] = [];
  private readonly constants = new Map<string, ValueName>();
  private nextValue = 0;
  private isHalf = false;

  private constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly weights: WeightFile,
    private readonly activations: FloatType,
  ) {}

  /**
   * Writes `NAME.onnx` and `NAME.data` into `folder`.
   * @param activations the type of what passes from layer to layer
   */
  static async create(folder: string, name: string, activations: FloatType = 'float32'): Promise<GraphWriter> {
    return new GraphWriter(folder, name, await WeightFile.create(folder, `${name}.data`), activations);
  }

  /**
   * Another graph beside this one, computed in float32: it may read the weights that this one stores, and stores its
   * own among them.
   */
  beside(name: string): GraphWriter {
    return new GraphWriter(this.folder, name, this.weights, 'float32');
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): ValueName {
    this.inputs.push({ name, type, entry: valueInfo(name, type, shape) });
    return name;
  }

  output(value: ValueName, name: string, type: ElementType, shape: readonly Dimension[]): void {
    this.nodes.push({ op_type: 'Identity', input: [value], output: [name], name: `output_${name}` });
    this.outputs.push(valueInfo(name, type, shape));
  }

  /** A graph that was put together in float32 is written with its convolutions and matrix products in float16. */
  computeInHalf(): void {
    this.isHalf = true;
  }

  /** One operator with one output. */
  op(type: string, inputs: readonly ValueName[], attributes: Readonly<Record<string, Attribute>> = {}): ValueName {
    const output = `v${this.nextValue++}`;
    const attribute = Object.entries(attributes).map(([name, value]) => toAttribute(name, value));
    this.nodes.push({ op_type: type, input: inputs, output: [output], name: `${type}_${output}`, attribute });
    return output;
  }

  /** A small float32 constant, inside the graph. */
  constant(values: readonly number[], shape: readonly number[] = []): ValueName {
    return this.small('float32', Buffer.from(Float32Array.from(values).buffer), shape);
  }

  /** An int64 list inside the graph: shapes, axes, indices. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): ValueName {
    return this.small('int64', Buffer.from(BigInt64Array.from(values, BigInt).buffer), shape);
  }

  /** Small integers of a byte each, inside the graph. */
  bytes(type: 'uint8' | 'int8', values: readonly number[], shape: readonly number[] = []): ValueName {
    return this.small(type, Buffer.from(values), shape);
  }

  /** A number in the type of the activations. */
  number(value: number): ValueName {
    return this.toActivationType(this.constant([value]));
  }

  /** Puts a weight into the data file at once, for `stored` of this graph and of those beside it. */
  store(
    values: Float32Array | Int8Array,
    shape: readonly number[],
    storage: WeightStorage = 'float32',
  ): Promise<StoredWeight> {
    return this.weights.append(values, shape, storage);
  }

  /** A weight that lies in the data file, as it lies there. */
  stored({ location, offset, length, shape, storage }: StoredWeight): ValueName {
    const name = `w${this.initializers.length}`;
    const entries = { location, offset: String(offset), length: String(length) };
    const entry = {
      name,
      dims: shape,
      data_type: elementTypes[storage],
      external_data: Object.entries(entries).map(([key, value]) => ({ key, value })),
      data_location: 1,
    };
    this.initializers.push({ name, type: storage, entry });
    return name;
  }

  /** A weight in the type of the activations. */
  storedAsActivations(weight: StoredWeight): ValueName {
    const value = this.stored(weight);
    return weight.storage === this.activations ? value : this.cast(value, this.activations);
  }

  /** A weight in float32. */
  storedAsFloat32(weight: StoredWeight): ValueName {
    const value = this.stored(weight);
    return weight.storage === 'float32' ? value : this.cast(value, 'float32');
  }

  /** float32 → the type of the activations. */
  toActivationType(value: ValueName): ValueName {
    return this.activations === 'float32' ? value : this.cast(value, this.activations);
  }

  /** The type of the activations → float32. */
  toFloat32(value: ValueName): ValueName {
    return this.activations === 'float32' ? value : this.cast(value, 'float32');
  }

  cast(value: ValueName, type: ElementType): ValueName {
    return this.op('Cast', [value], { to: elementTypes[type] });
  }

  /** Writes the graph file and closes the data file. @returns sha256 over the weights */
  async finish(): Promise<string> {
    await this.writeGraph();
    return this.weights.finish();
  }

  /** Writes the graph file; the data file stays open for the graphs beside it. */
  async writeGraph(): Promise<void> {
    const graph = {
      name: this.name,
      node: this.isHalf
        ? convertToFloat16({ nodes: this.nodes, initializers: this.initializers, inputs: this.inputs })
        : this.nodes,
      initializer: this.initializers.map(({ entry }) => entry),
      input: this.inputs.map(({ entry }) => entry),
      output: this.outputs,
    };
    const model = {
      ir_version: irVersion,
      producer_name: 'figseek',
      graph,
      opset_import: [{ domain: '', version: opset }],
    };
    await writeFile(path.join(this.folder, `${this.name}.onnx`), encodeModel(model), { flush: true });
  }

  /** Closes the data file of a graph that is not finished. */
  async abandon(): Promise<void> {
    await this.weights.abandon();
  }

  /** Equal constants are one: the runtime sees then that operators on them are equal too. */
  private small(type: ElementType, bytes: Buffer, shape: readonly number[]): ValueName {
    const key = `${type} [${shape.join()}] ${bytes.toString('hex')}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = `c${this.initializers.length}`;
    this.initializers.push({
      name,
      type,
      entry: { name, dims: shape, data_type: elementTypes[type], raw_data: bytes },
    });
    this.constants.set(key, name);
    return name;
  }
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): Plain {
  const dim = shape.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: elementTypes[type], shape: { dim } } } };
}

/** `AttributeProto.AttributeType`: FLOAT 1, INT 2, STRING 3, INTS 7. */
function toAttribute(name: string, value: Attribute): Plain {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}
