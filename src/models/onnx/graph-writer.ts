import { open, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { createHash, type Hash } from 'node:crypto';
import { FigseekError } from '../../domain/errors.js';
import { toHalf } from './half.js';
import { encodeModel, elementTypes, type ElementType } from './onnx-schema.js';

/** The name of a value inside a graph. */
export type ValueName = string;

type Attribute = number | string | readonly number[] | { readonly float: number };
type Plain = Readonly<Record<string, unknown>>;

/** A dimension of an input or output: a number, or a name where any size goes. */
export type Dimension = number | string;

const irVersion = 8;
const opset = 17;
// As onnx's own tools do it: pages of weights can then be mapped.
const alignment = 64;

/**
 * Writes one ONNX graph in plain operators (opset 17) with its weights beside it (external data), streamed: a weight
 * is on disk before the next is read. Knows no architecture.
 */
export class GraphWriter {
  private readonly nodes: Plain[] = [];
  private readonly initializers: Plain[] = [];
  private readonly inputs: Plain[] = [];
  private readonly outputs: Plain[] = [];
  private readonly weightsHash: Hash = createHash('sha256');
  private nextValue = 0;
  private end = 0;

  private constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly data: FileHandle,
    private readonly storage: 'float32' | 'float16',
  ) {}

  /** Writes `NAME.onnx` and `NAME.data` into `folder`; weights are kept as `storage` and computed with as float32. */
  static async create(folder: string, name: string, storage: 'float32' | 'float16'): Promise<GraphWriter> {
    return new GraphWriter(folder, name, await open(path.join(folder, `${name}.data`), 'wx'), storage);
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): ValueName {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(value: ValueName, name: string, type: ElementType, shape: readonly Dimension[]): void {
    this.nodes.push({ op_type: 'Identity', input: [value], output: [name], name: `output_${name}` });
    this.outputs.push(valueInfo(name, type, shape));
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

  /** A weight: goes to the data file at once. */
  async weight(values: Float32Array, shape: readonly number[]): Promise<ValueName> {
    const stored = this.storage === 'float16' ? toHalf(values) : values;
    const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
    const offset = await this.append(bytes);
    const name = `w${this.initializers.length}`;
    const entries = { location: `${this.name}.data`, offset: String(offset), length: String(bytes.length) };
    this.initializers.push({
      name,
      dims: shape,
      data_type: elementTypes[this.storage],
      external_data: Object.entries(entries).map(([key, value]) => ({ key, value })),
      data_location: 1,
    });
    return this.storage === 'float16' ? this.op('Cast', [name], { to: elementTypes.float32 }) : name;
  }

  /** Writes the graph file and closes the data file. @returns sha256 over the weights */
  async finish(): Promise<string> {
    await this.data.sync();
    await this.data.close();
    const graph = {
      name: this.name,
      node: this.nodes,
      initializer: this.initializers,
      input: this.inputs,
      output: this.outputs,
    };
    const model = {
      ir_version: irVersion,
      producer_name: 'figseek',
      graph,
      opset_import: [{ domain: '', version: opset }],
    };
    await writeFile(path.join(this.folder, `${this.name}.onnx`), encodeModel(model), { flush: true });
    return this.weightsHash.digest('hex');
  }

  /** Closes the data file of a graph that is not finished. */
  async abandon(): Promise<void> {
    await this.data.close().catch(() => undefined);
  }

  private async append(bytes: Buffer): Promise<number> {
    const offset = Math.ceil(this.end / alignment) * alignment;
    // A full disk may take only a part of a write without an error: that part would pass for the whole.
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.data.write(bytes, done, bytes.length - done, offset + done);
      if (bytesWritten === 0) {
        throw new FigseekError('INTERNAL_SERVER_ERROR', `${this.name}.data takes no more bytes; is the disk full?`);
      }
      done += bytesWritten;
    }
    this.weightsHash.update(bytes);
    this.end = offset + bytes.length;
    return offset;
  }

  private small(type: ElementType, bytes: Buffer, shape: readonly number[]): ValueName {
    const name = `c${this.initializers.length}`;
    this.initializers.push({ name, dims: shape, data_type: elementTypes[type], raw_data: bytes });
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
