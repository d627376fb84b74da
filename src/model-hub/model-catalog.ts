import { FigseekError } from '../domain/errors.js';
import { openClipWeights } from '../model-packages/open-clip/weight-names.js';
import { biomedClipCard } from '../model-packages/open-clip/model-card.js';

/** One file of a model: where to look for it, and under which names; the first that is there is taken. */
export interface FileSpec {
  readonly repositories: readonly string[];
  readonly names: readonly string[];
}

/** A model that `figseek models pull` knows by name. */
export interface ModelCatalogEntry {
  readonly name: string;
  readonly kind: 'open-clip' | 'biomedparse' | 'panel-detector';
  readonly repository: string;
  /** Null: what the hub says of the repository stands. */
  readonly license: string | null;
  /** What a user must know before using it. */
  readonly intendedUse: string;
  /** The hub gives it only to those who accepted its conditions there. */
  readonly gated: boolean;
  readonly files: readonly FileSpec[];
}

const biomedClipRepository = 'microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224';
const openPmcRepository = 'vector-institute/open-pmc-18m-clip';
const biomedParseRepository = 'microsoft/BiomedParse';
const panelDetectorRepository = 'vector-institute/pmc-18m-dab-detr';
const clipRepository = 'openai/clip-vit-base-patch32';

// Both models name this tokenizer in open_clip_config.json (text_cfg.hf_tokenizer_name).
const bertVocabulary: FileSpec = {
  repositories: ['microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract'],
  names: ['vocab.txt'],
};

export const knownModels: readonly ModelCatalogEntry[] = [
  {
    name: 'biomedclip',
    kind: 'open-clip',
    repository: biomedClipRepository,
    license: biomedClipCard.license,
    intendedUse: biomedClipCard.warning,
    gated: false,
    files: [
      { repositories: [biomedClipRepository], names: ['open_clip_config.json'] },
      { repositories: [biomedClipRepository], names: openClipWeights },
      bertVocabulary,
    ],
  },
  {
    name: 'open-pmc-18m-clip',
    kind: 'open-clip',
    repository: openPmcRepository,
    license: null,
    intendedUse:
      'Open-PMC-18M CLIP is a research model, trained on figures and captions of PubMed Central; it is not validated for clinical use. Its model card says what else holds. English only.',
    gated: false,
    files: [
      // Its own code (VectorInstitute/pmc-data-extraction, modules/encoders.py) builds the model from BiomedCLIP's
      // configuration and loads open_clip_pytorch_model.bin of its repository.
      { repositories: [openPmcRepository, biomedClipRepository], names: ['open_clip_config.json'] },
      { repositories: [openPmcRepository], names: openClipWeights },
      bertVocabulary,
    ],
  },
  {
    name: 'biomedparse',
    kind: 'biomedparse',
    repository: biomedParseRepository,
    license: 'CC-BY-NC-SA-4.0',
    intendedUse:
      'BiomedParse is for research only: not for clinical use, not for commercial use; what is converted from its weights stays under the same license.',
    gated: true,
    files: [
      { repositories: [biomedParseRepository], names: ['biomedparse_v1.pt'] },
      { repositories: [biomedParseRepository], names: ['config.yaml'] },
      { repositories: [biomedParseRepository], names: ['target_dist.json'] },
      { repositories: [clipRepository], names: ['vocab.json'] },
      { repositories: [clipRepository], names: ['merges.txt'] },
    ],
  },
  {
    name: 'panel-detector',
    kind: 'panel-detector',
    repository: panelDetectorRepository,
    license: 'Apache-2.0',
    intendedUse:
      'The panel detector of Open-PMC-18M finds the panels of compound figures of biomedical articles. It is a research model, trained on figures of PubMed Central.',
    gated: false,
    files: [
      { repositories: [panelDetectorRepository], names: ['config.json'] },
      { repositories: [panelDetectorRepository], names: ['preprocessor_config.json'] },
      { repositories: [panelDetectorRepository], names: ['model.safetensors'] },
    ],
  },
];

/** @throws {FigseekError} BAD_USER_INPUT listing the names that are known */
export function knownModel(name: string): ModelCatalogEntry {
  const found = knownModels.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = knownModels.map((model) => model.name).join(', ');
  throw new FigseekError(
    'BAD_USER_INPUT',
    `There is no known model ${name.slice(0, 80)}; expected one of ${names}. Any other open_clip folder: npx figseek models import FOLDER`,
  );
}
