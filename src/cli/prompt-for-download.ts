import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../app/config.js';
import { messageOf } from '../domain/errors.js';
import { knownModel } from '../model-hub/model-catalog.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { askYesNo, canAsk } from './ask.js';
import { print } from './models/pull.js';
import { pullModel } from './pull-model.js';
import { printNote } from './output.js';

/**
 * On a terminal, a first start offers to pull the model that users come for. It asks once: a no is kept. Without a
 * terminal nothing is asked, and nothing is ever downloaded by itself. A pull that fails does not keep the server down.
 */
export async function promptForModelDownload(config: Config): Promise<void> {
  if (!canAsk() || config.model !== null || (await hasOwnModel(config)) || (await wasRefused(config))) return;
  printNote('figseek runs with its starter model, which is for trying it out only.');
  if (!(await askYesNo('Pull BiomedCLIP from the model hub now (about 0.8 GB)?'))) {
    await keepRefusal(config);
    printNote('Not asked again; later: npx figseek models pull biomedclip');
    return;
  }
  try {
    print(await pullModel(config, knownModel('biomedclip').name, {}), config.data);
  } catch (error) {
    printNote(`figseek: ${messageOf(error)}`);
  }
}

async function hasOwnModel(config: Config): Promise<boolean> {
  const packages = await new ModelRegistry(config.models).list();
  return packages.some(({ kind, name }) => kind === 'dual-encoder' && name !== 'starter');
}

function refusalOf(config: Config): string {
  return path.join(config.models, '.downloads', 'offer-refused');
}

function wasRefused(config: Config): Promise<boolean> {
  return access(refusalOf(config)).then(
    () => true,
    () => false,
  );
}

/** Where the folder may not be written, it is asked again: no reason to keep the server from starting. */
async function keepRefusal(config: Config): Promise<void> {
  const file = refusalOf(config);
  await mkdir(path.dirname(file), { recursive: true }).catch(() => undefined);
  await writeFile(file, `${new Date().toISOString()}\n`).catch(() => undefined);
}
