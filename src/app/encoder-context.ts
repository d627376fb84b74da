import { starterModel } from '../models/active-model-name.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader } from '../ports/image-reader.js';
import type { Config } from './config.js';
import { newEncoder, newReader } from './model-runtime.js';
import { openRegistry } from './open-registry.js';

/** Runs `work` with the configured model, else the starter, and an image reader; there is no corpus. Closes both. */
export async function withEncoder<Result>(
  config: Config,
  work: (encoder: Encoder, reader: ImageReader) => Promise<Result>,
): Promise<Result> {
  const model = await openRegistry(config).load(config.model ?? starterModel);
  const encoder = await newEncoder(model, config);
  const reader = newReader(config);
  try {
    return await work(encoder, reader);
  } finally {
    reader.close();
    await encoder.close();
  }
}
