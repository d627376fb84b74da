import type { PublicSetName } from '../../domain/public-set.js';
import type { PromptSets } from '../zero-shot.js';

/** One classification of a set. */
export interface ZeroShotTask {
  /** Null where the set is one task. */
  readonly name: string | null;
  readonly prompts: PromptSets;
}

/**
 * Classes and templates of BiomedCLIP's zero-shot classification: Zhang et al., “A Multimodal Biomedical Foundation Model
 * Trained from Fifteen Million Image–Text Pairs”, NEJM AI 2025, Supplementary Table 10 (arXiv 2303.00915, the same table).
 */
const tasks = {
  pcam: [
    taskOf(null, ['this is an image of {}', '{} presented in image'], ['normal lymph node', 'lymph node metastasis']),
  ],
  lc25000: [
    taskOf(
      'lung',
      ['this is an image of {}', '{} presented in image'],
      ['lung adenocarcinomas', 'normal lung tissue', 'lung squamous cell carcinomas'],
    ),
    taskOf('colon', ['a photo of {}', '{} presented in image'], ['colon adenocarcinomas', 'normal colonic tissue']),
  ],
  'rsna-pneumonia': [taskOf(null, ['a photo of {}', '{} presented in image'], ['normal lung', 'pneumonia'])],
} satisfies Partial<Record<PublicSetName, readonly ZeroShotTask[]>>;

/** The classifications of a set; none where it is not classified. */
export function zeroShotTasksOf(set: PublicSetName): readonly ZeroShotTask[] {
  return set in tasks ? tasks[set as keyof typeof tasks] : [];
}

function taskOf(name: string | null, templates: readonly string[], classes: readonly string[]): ZeroShotTask {
  const textsOf = (label: string) => templates.map((template) => template.replace('{}', label));
  return { name, prompts: Object.fromEntries(classes.map((label) => [label, textsOf(label)])) };
}
