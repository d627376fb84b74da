import { messageOf } from '../../domain/errors.js';
import { starterModel } from '../../models/active-model-name.js';
import { CorpusCounts } from '../../ports/corpus-counts.js';
import { EmbeddingStore } from '../../ports/embedding-store.js';
import { ActiveModel } from '../active-model.js';
import { advice } from '../advice.js';
import { withApp } from '../command-context.js';
import type { Config } from '../config.js';
import { newEncoder } from '../model-runtime.js';
import { checkEmbeddings, checkVectors } from './corpus-checks.js';
import { openRegistry } from '../open-registry.js';
import { hasCorpus } from '../open-stores.js';
import type { Finding } from './finding.js';
import { checkAddons, checkDisk, checkFolders } from './machine-checks.js';
import { checkConfiguredSegmenter, checkModel, listSegmenters } from './model-checks.js';
import { numbered } from '../../domain/numbered.js';

/** Checks what can go wrong with an installation and its corpus. It makes no database, and changes nothing. */
export class Doctor {
  constructor(private readonly config: Config) {}

  /** @returns what was found, in the order of the checks; a failure of the start is one of them */
  async run(): Promise<readonly Finding[]> {
    const { config } = this;
    const findings: Finding[] = [
      { about: 'Node', state: 'ok', message: process.version },
      ...checkFolders(config),
      await checkDisk(config.data),
      ...checkAddons(),
      ...(await listSegmenters(config)),
      ...(await checkConfiguredSegmenter(config)),
    ];
    try {
      await (hasCorpus(config) ? this.examineCorpus(findings) : this.examineWithoutCorpus(findings));
    } catch (error) {
      findings.push({ about: 'start', state: 'wrong', message: messageOf(error) });
    }
    return findings;
  }

  /** @param findings what is found is added one after the other: what fails does not take the earlier ones with it */
  private examineCorpus(findings: Finding[]): Promise<void> {
    const { config } = this;
    return withApp(config, async (core) => {
      const { encoder, space } = core.get(ActiveModel).current;
      findings.push(...(await checkModel(encoder, config)));
      const { articles, figures, panels } = await core.get(CorpusCounts).counts();
      const message = `${numbered(figures, 'figure')} with ${numbered(panels, 'panel')}, of ${numbered(articles, 'article')}`;
      findings.push({ about: 'database', state: 'ok', message });
      findings.push(await checkVectors(space, config.data));
      findings.push(await checkEmbeddings(core.get(EmbeddingStore), encoder.model, config.data));
    });
  }

  private async examineWithoutCorpus(findings: Finding[]): Promise<void> {
    const { config } = this;
    const model = await openRegistry(config).load(config.model ?? starterModel);
    const encoder = await newEncoder(model, config);
    try {
      const message = `there is none in ${config.data} yet; ${advice('ingest FOLDER', config.data)} makes one`;
      findings.push(...(await checkModel(encoder, config)), { about: 'database', state: 'note', message });
    } finally {
      await encoder.close();
    }
  }
}
