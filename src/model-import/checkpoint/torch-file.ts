import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { Global, runPickle, type Hooks, type Value } from './pickle-machine.js';
import { bytesOf, elementCount, toFloat32, type CheckpointTensor, type Dtype } from './tensor.js';
import { readZipDirectory, type StoredEntry } from './zip-directory.js';

const storageTypes: ReadonlyMap<string, Dtype> = new Map([
  ['torch.FloatStorage', 'float32'],
  ['torch.DoubleStorage', 'float64'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
  ['torch.ComplexFloatStorage', 'complex64'],
]);

const constructors = new Set([
  'collections.OrderedDict',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_parameter',
]);

/** Most values of a tensor that is larger than its storage; a real one is a small expanded buffer, if any. */
const maxRepeated = 2 ** 20;

const chunkBytes = 1 << 22;

/** A file inside the checkpoint that holds the values of one or more tensors. */
interface Storage {
  readonly dtype: Dtype;
  readonly count: number;
  readonly entry: StoredEntry;
  /** The entry's name, for messages. */
  readonly name: string;
}

/** A window on a storage. */
interface View {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/**
 * Reads the tensors of a checkpoint that `torch.save` wrote since torch 1.6 (a zip of stored entries; format:
 * torch/serialization.py). A training checkpoint's `state_dict` and its `module.` prefix are taken off.
 * @throws {Error} saying what is wrong
 */
export async function readTorchFile(handle: FileHandle, fileSize: number): Promise<readonly CheckpointTensor[]> {
  const entries = await readZipDirectory(handle, fileSize);
  const pickleName = [...entries.keys()].find((name) => /^(?:[^/]+\/)?data\.pkl$/.test(name));
  const pickle = pickleName === undefined ? undefined : entries.get(pickleName);
  if (pickle === undefined || pickleName === undefined)
    throw new Error('it is a zip without data.pkl, not a checkpoint');
  const folder = pickleName.slice(0, -'data.pkl'.length);
  if (entries.has(`${folder}byteorder`)) await refuseBigEndian(handle, entries.get(`${folder}byteorder`));
  const bytes = await readRange(handle, pickle.start, pickle.size);
  const root = runPickle(bytes, torchHooks(entries, folder));
  const verified = new Set<StoredEntry>();
  return [...stateDictOf(root)].map(([name, view]) => toTensor(handle, name, view, verified));
}

async function refuseBigEndian(handle: FileHandle, entry: StoredEntry | undefined): Promise<void> {
  if (entry === undefined || entry.size > 16) return;
  const order = Buffer.from(await readRange(handle, entry.start, entry.size)).toString('utf8');
  if (order !== 'little') throw new Error(`its byte order is ${order}; expected little`);
}

function torchHooks(entries: ReadonlyMap<string, StoredEntry>, folder: string): Hooks {
  return {
    isAllowed: (name) => storageTypes.has(name) || constructors.has(name),
    persistent: (id) => ({ made: toStorage(id, entries, folder) }),
    call(name, args) {
      if (name === 'collections.OrderedDict' && args.length === 0) return new Map();
      if (name === 'torch._utils._rebuild_tensor_v2') return { made: toView(args) };
      if (name === 'torch._utils._rebuild_parameter') return args[0] ?? null;
      throw new Error(`its pickle calls ${name} with arguments that do not fit`);
    },
  };
}

/** ('storage', torch.FloatStorage, '0', 'cpu', 123) */
function toStorage(id: Value, entries: ReadonlyMap<string, StoredEntry>, folder: string): Storage {
  const [tag, type, key, , count] = Array.isArray(id) ? (id as readonly Value[]) : [];
  const dtype = type instanceof Global ? storageTypes.get(type.name) : undefined;
  if (tag !== 'storage' || dtype === undefined || typeof key !== 'string' || !isIndex(count)) {
    throw new Error('its pickle has a storage of an unknown form');
  }
  const entry = entries.get(`${folder}data/${key}`);
  if (entry === undefined) throw new Error(`its storage data/${key} is absent`);
  if (count * bytesOf[dtype] > entry.size) {
    throw new Error(
      `its storage data/${key} holds ${entry.size} bytes; its ${count} values need ${count * bytesOf[dtype]}`,
    );
  }
  return { dtype, count, entry, name: `data/${key}` };
}

function toView([storage, offset, shape, strides]: readonly Value[]): View {
  if (!isMade(storage) || !isStorage(storage.made) || !isIndexList(shape) || !isIndexList(strides)) {
    throw new Error('its pickle has a tensor of an unknown form');
  }
  if (!isIndex(offset))
    throw new Error(`its pickle has a tensor at the offset ${JSON.stringify(offset)}; expected a number from 0`);
  if (shape.length !== strides.length) throw new Error('its pickle has a tensor with other strides than dimensions');
  const reach = shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), offset);
  if (!shape.includes(0) && reach >= storage.made.count) {
    const wanted = `[${shape.join(', ')}] with strides [${strides.join(', ')}] at ${offset}`;
    throw new Error(`its tensor ${wanted} reaches past its storage of ${storage.made.count} values`);
  }
  // A stride of 0 repeats values (`expand`): a file of 300 bytes could ask for a tensor that no memory holds.
  const count = elementCount(shape);
  if (count > storage.made.count && count > maxRepeated) {
    throw new Error(
      `its tensor [${shape.join(', ')}] repeats the ${storage.made.count} values of its storage; expected at most ${maxRepeated}`,
    );
  }
  return { storage: storage.made, offset, shape, strides };
}

function stateDictOf(root: Value): ReadonlyMap<string, View> {
  const inner = root instanceof Map ? root.get('state_dict') : undefined;
  const dict = inner instanceof Map ? inner : root;
  if (!(dict instanceof Map)) throw new Error('it holds no state dict (a dictionary of named tensors)');
  const names = [...dict.keys()].filter((name) => typeof name === 'string');
  const prefix = names.length > 0 && names.every((name) => name.startsWith('module.')) ? 'module.' : '';
  const views = new Map<string, View>();
  for (const [name, value] of dict) {
    if (typeof name !== 'string') throw new Error('its state dict has a key that is no text');
    if (!isMade(value) || !isView(value.made)) throw new Error(`its value under ${name} is no tensor`);
    views.set(name.slice(prefix.length), value.made);
  }
  return views;
}

function toTensor(handle: FileHandle, name: string, view: View, verified: Set<StoredEntry>): CheckpointTensor {
  const { shape, storage } = view;
  const read = async (): Promise<Float32Array> => {
    if (!verified.has(storage.entry)) await verifyChecksum(handle, storage);
    verified.add(storage.entry);
    return readView(handle, view);
  };
  return { name, dtype: storage.dtype, shape, read };
}

/** torch itself does not look at the checksums: a weight that was damaged on its way would be used as it is. */
async function verifyChecksum(handle: FileHandle, { entry, name }: Storage): Promise<void> {
  let checksum = 0;
  for (let done = 0; done < entry.size; done += chunkBytes) {
    const chunk = await readRange(handle, entry.start + done, Math.min(chunkBytes, entry.size - done));
    checksum = crc32(chunk, checksum);
  }
  if (checksum !== entry.crc32) {
    throw new Error(`its storage ${name} is damaged (its CRC-32 does not fit); download the file again`);
  }
}

async function readView(handle: FileHandle, { storage, offset, shape, strides }: View): Promise<Float32Array> {
  const count = elementCount(shape);
  const size = bytesOf[storage.dtype];
  const reach = count === 0 ? 0 : shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), 1);
  const source = toFloat32(await readRange(handle, storage.entry.start + offset * size, reach * size), storage.dtype);
  return isContiguous(shape, strides) ? source : gather(source, shape, strides, count);
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 1;
    if (length !== 1 && strides[axis] !== expected) return false;
    expected *= length;
  }
  return true;
}

function gather(
  source: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
  count: number,
): Float32Array {
  const out = new Float32Array(count);
  const index = shape.map(() => 0);
  let from = 0;
  for (let i = 0; i < count; i++) {
    out[i] = source[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      from += strides[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      from -= next * (strides[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return out;
}

/** @throws {Error} when the file ends before `size` bytes are there */
export async function readRange(handle: FileHandle, start: number, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(size - done, 1 << 30), start + done);
    if (bytesRead === 0) throw new Error(`it ends at byte ${start + done}; expected ${start + size}`);
    done += bytesRead;
  }
  return bytes;
}

function isIndex(value: Value | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isIndexList(value: Value | undefined): value is readonly number[] {
  return Array.isArray(value) && (value as readonly Value[]).every(isIndex);
}

function isMade(value: Value | undefined): value is { readonly made: unknown } {
  return typeof value === 'object' && value !== null && 'made' in value;
}

function isStorage(made: unknown): made is Storage {
  return typeof made === 'object' && made !== null && 'entry' in made;
}

function isView(made: unknown): made is View {
  return typeof made === 'object' && made !== null && 'strides' in made;
}
