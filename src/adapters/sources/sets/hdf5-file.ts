import path from 'node:path';
import { Dataset, File, ready } from 'h5wasm/node';
import { FigseekError, messageOf } from '../../../domain/errors.js';

/** An array of bytes in an HDF5 file, read from the disk part by part. */
export interface ByteArrays {
  /** Size of each dimension; the first counts rows. */
  readonly shape: readonly number[];
  /** Rows of the array, one behind the other, from `start` up to but without `end`. @throws {FigseekError} where they are damaged */
  readonly rows: (start: number, end: number) => Uint8Array;
}

/**
 * Runs `work` with the array `name` of an HDF5 file.
 * @throws {FigseekError} BAD_USER_INPUT for a file that is truncated or no HDF5 file, and for an array of other numbers
 */
export async function openByteArray(file: string, name: string): Promise<ByteArrays & { readonly close: () => void }> {
  const library = await ready;
  // Otherwise it writes what is wrong to standard error, and gives no reason.
  library.activate_throwing_error_handler();
  const opened = attempt(file, () => new File(file, 'r'));
  const found = attempt(file, () => opened.get(name));
  if (!(found instanceof Dataset) || found.shape === null || found.dtype !== byteType) {
    const what =
      found instanceof Dataset ? `one of the type ${JSON.stringify(found.dtype)}` : `only ${opened.keys().join(', ')}`;
    opened.close();
    throw new FigseekError(
      'BAD_USER_INPUT',
      `${path.basename(file)}: expected an array ${name} of bytes but found ${what}`,
    );
  }
  return {
    shape: found.shape,
    rows: (start, end) => {
      const values = attempt(file, () => found.slice([[start, end]]));
      if (values instanceof Uint8Array) return values;
      throw new FigseekError(
        'BAD_USER_INPUT',
        `${path.basename(file)}: rows ${start} to ${end} of ${name} cannot be read`,
      );
    },
    close: () => {
      opened.close();
    },
  };
}

/** Little-endian unsigned bytes, as h5wasm names them. */
const byteType = '<B';

function attempt<Made>(file: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    // The stack of calls ends with the reason.
    const reasons = messageOf(error).matchAll(/minor: (.+)/g);
    const reason = [...reasons].at(-1)?.[1] ?? messageOf(error);
    throw new FigseekError('BAD_USER_INPUT', `${path.basename(file)} cannot be read as HDF5: ${reason}`);
  }
}
