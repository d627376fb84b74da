import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { bytesOf, elementCount, toFloat32, type CheckpointTensor, type Dtype } from './tensor.js';
import { readRange } from './torch-file.js';

const dtypes: ReadonlyMap<string, Dtype> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
]);

const index = z.number().int().nonnegative();
const headerSchema = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(index), data_offsets: z.tuple([index, index]) }),
);

const maxHeader = 100_000_000;

/** Reads a safetensors file: eight bytes of header length, a JSON header, then the values. @throws {Error} */
export async function readSafetensors(handle: FileHandle, fileSize: number): Promise<readonly CheckpointTensor[]> {
  const length = Number(Buffer.from(await readRange(handle, 0, 8)).readBigUInt64LE());
  if (length > maxHeader || length + 8 > fileSize) throw new Error(`its header claims ${length} bytes`);
  const header: unknown = JSON.parse(Buffer.from(await readRange(handle, 8, length)).toString('utf8'));
  const { __metadata__: _metadata, ...given } = z.record(z.string(), z.unknown()).parse(header);
  const start = 8 + length;
  return Object.entries(headerSchema.parse(given)).map(
    ([
      name,
      {
        dtype: code,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const dtype = dtypes.get(code);
      if (dtype === undefined) throw new Error(`its tensor ${name} has the unknown type ${code}`);
      if (to - from !== elementCount(shape) * bytesOf[dtype] || start + to > fileSize) {
        throw new Error(
          `its tensor ${name} of shape [${shape.join(', ')}] does not fit its ${to - from} bytes in the file`,
        );
      }
      return {
        name,
        dtype,
        shape,
        read: async () => toFloat32(await readRange(handle, start + from, to - from), dtype),
      };
    },
  );
}
