import { open, type FileHandle } from 'node:fs/promises';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { readSafetensors } from './safetensors-file.js';
import type { Checkpoint, CheckpointTensor } from './tensor.js';
import { readTorchFile } from './torch-file.js';

/**
 * Opens a torch or safetensors checkpoint. Values stay in the file until they are read; nothing in it is executed.
 * @throws {FigseekError} BAD_USER_INPUT naming the file and the reason
 */
export async function openCheckpoint(file: string): Promise<Checkpoint> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `The checkpoint ${file} cannot be read: ${messageOf(error)}`);
  });
  try {
    const { size } = await handle.stat();
    const tensors = await readTensors(handle, size, file.endsWith('.safetensors'));
    const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    return { file, tensors: byName, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw new FigseekError('BAD_USER_INPUT', `The checkpoint ${file} is refused: ${messageOf(error)}`);
  }
}

async function readTensors(
  handle: FileHandle,
  size: number,
  isSafetensors: boolean,
): Promise<readonly CheckpointTensor[]> {
  if (size === 0) throw new Error('the file is empty; download it again');
  const head = Buffer.alloc(Math.min(size, 512));
  await handle.read(head, 0, head.length, 0);
  const text = head.toString('latin1');
  if (text.startsWith('version https://git-lfs')) {
    throw new Error('it is a Git LFS pointer, not the weights; run “git lfs pull” or download the file itself');
  }
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text)) {
    throw new Error('it is a web page, not a checkpoint; the download was answered with an error or a login page');
  }
  if (isSafetensors) return readSafetensors(handle, size);
  if (head[0] === 0x80) {
    throw new Error('it is in the torch format of before 1.6 (not a zip); load and save it again with a newer torch');
  }
  if (!text.startsWith('PK')) throw new Error('it is neither a torch checkpoint (zip) nor named .safetensors');
  return readTorchFile(handle, size);
}
