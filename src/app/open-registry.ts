import path from 'node:path';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { packageRoot, type Config } from './config.js';

/** The model packages of the configured folder, and those that ship with figseek. */
export function openRegistry({ models }: Pick<Config, 'models'>): ModelRegistry {
  return new ModelRegistry(models, path.join(packageRoot, 'models'));
}
