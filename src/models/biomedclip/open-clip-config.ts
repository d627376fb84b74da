import { z } from 'zod';

const unsupported = (field: string, expected: string) => `${field} is not supported; expected ${expected}`;

const positive = z.number().int().positive();
const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);

const visionSchema = z.object({
  timm_model_name: z.string().regex(/^vit_/, {
    error: (issue) => unsupported(`the vision tower ${String(issue.input)}`, 'a timm ViT (vit_…)'),
  }),
  timm_pool: z.enum(['', 'token'], {
    error: (issue) => unsupported(`timm_pool “${String(issue.input)}”`, 'the class token (“”)'),
  }),
  timm_proj: z.literal('linear', {
    error: (issue) => unsupported(`timm_proj “${String(issue.input)}”`, '“linear”'),
  }),
  image_size: positive.max(2048),
});

const poolers = ['cls_last_hidden_state_pooler', 'cls_pooler'];

const textSchema = z
  .object({
    hf_model_name: z.string(),
    hf_proj_type: z.string().optional(),
    proj: z.string().optional(),
    hf_pooler_type: z.string().optional(),
    pooler_type: z.string().optional(),
    context_length: positive.max(4096).default(77),
  })
  // Copies made before late 2023 have `proj` and `pooler_type`.
  .superRefine((text, context) => {
    const projection = text.hf_proj_type ?? text.proj;
    const pooler = text.hf_pooler_type ?? text.pooler_type;
    if (projection !== 'mlp') {
      context.addIssue({ code: 'custom', message: unsupported(`hf_proj_type “${projection ?? ''}”`, '“mlp”') });
    }
    if (pooler === undefined || !poolers.includes(pooler)) {
      const message = unsupported(`hf_pooler_type “${pooler ?? ''}”`, `one of ${poolers.join(', ')}`);
      context.addIssue({ code: 'custom', message });
    }
  });

const schema = z.object({
  model_cfg: z.object({
    embed_dim: positive.max(8192),
    vision_cfg: visionSchema,
    text_cfg: textSchema,
  }),
  preprocess_cfg: z.object({
    mean: threeNumbers,
    std: threeNumbers.refine((values) => values.every((value) => value > 0), {
      error: 'std must be greater than 0 in every channel',
    }),
  }),
});

/** What `open_clip_config.json` says of a ViT + BERT dual encoder. */
export interface OpenClipConfig {
  readonly embedDim: number;
  readonly imageSize: number;
  readonly contextLength: number;
  readonly textModelName: string;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** @throws {Error} naming every field that is missing or that this family does not support */
export function parseOpenClipConfig(text: string): OpenClipConfig {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(issues.join('; '));
  }
  const { model_cfg: model, preprocess_cfg: preprocess } = parsed.data;
  return {
    embedDim: model.embed_dim,
    imageSize: model.vision_cfg.image_size,
    contextLength: model.text_cfg.context_length,
    textModelName: model.text_cfg.hf_model_name,
    mean: preprocess.mean,
    std: preprocess.std,
  };
}
