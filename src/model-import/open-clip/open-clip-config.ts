import { z } from 'zod';
import { interpolations, resizeModes, type ImagePreparation } from '../../domain/image-preparation.js';
import { issuesInWords } from '../../domain/issues.js';

const unsupported = (field: string, expected: string) => `${field} is not supported; expected ${expected}`;

/** A field that says how a tower computes: only one way is known here. @param expected the way, for the message */
const only = <Value extends string | boolean | null>(values: readonly Value[], field: string, expected: string) =>
  z.custom<Value>((value) => values.includes(value as Value), {
    error: (issue) => unsupported(`${field} ${JSON.stringify(issue.input)}`, expected),
  });
const absent = (field: string) => only([false, null], field, 'a tower without it').optional();

/** Another cleaning of texts. */
const plainTokenizer = z
  .custom((given) => given === null || (typeof given === 'object' && Object.keys(given).length === 0), {
    error: (issue) => unsupported(`tokenizer_kwargs ${JSON.stringify(issue.input)}`, 'none'),
  })
  .optional();

const positive = z.number().int().positive();
const imageSize = positive.max(2048);
const contextLength = positive.max(4096).default(77);
const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);

const timmVision = z
  .object({
    // Larger ones have heads of another width, which their names do not tell.
    timm_model_name: z.string().regex(/^vit_(tiny|small|base|large)_/, {
      error: (issue) => unsupported(`the vision tower ${String(issue.input)}`, 'a timm ViT, vit_tiny_… to vit_large_…'),
    }),
    timm_pool: z.enum(['', 'token'], {
      error: (issue) => unsupported(`timm_pool “${String(issue.input)}”`, 'the class token (“”)'),
    }),
    timm_proj: z.literal('linear', {
      error: (issue) => unsupported(`timm_proj “${String(issue.input)}”`, '“linear”'),
    }),
    image_size: imageSize,
  })
  .transform((vision) => ({ form: 'timm', imageSize: vision.image_size }) as const);

// A ResNet has a number for each of its stages.
const blocks = z
  .number({
    error: ({ input }) =>
      Array.isArray(input)
        ? unsupported(`a ResNet (layers ${JSON.stringify(input)})`, 'a ViT, whose layers is the number of its blocks')
        : undefined,
  })
  .int()
  .positive()
  .max(200);

// Defaults and switches: CLIPVisionCfg of open_clip/model.py.
const clipVision = z
  .object({
    layers: blocks,
    width: positive,
    patch_size: positive,
    image_size: imageSize.default(224),
    head_width: positive.default(64),
    pool_type: only(['tok'], 'pool_type', '“tok”').optional(),
    attentional_pool: absent('attentional_pool'),
    no_ln_pre: absent('no_ln_pre'),
    final_ln_after_pool: absent('final_ln_after_pool'),
    ls_init_value: absent('ls_init_value'),
    pos_embed_type: only(['learnable'], 'pos_embed_type', '“learnable”').optional(),
    act_kwargs: only([null], 'act_kwargs', 'an activation without them').optional(),
    norm_kwargs: only([null], 'norm_kwargs', 'a norm without them').optional(),
    qk_norm: absent('qk_norm'),
    scaled_cosine_attn: absent('scaled_cosine_attn'),
  })
  .transform((vision) => ({ form: 'clip', imageSize: vision.image_size, headSize: vision.head_width }) as const);

const bertText = z
  .object({
    // Its heads are 32 wide.
    hf_model_name: z.string().refine((name) => !/minilm/i.test(name), {
      error: (issue) => unsupported(`the text tower ${String(issue.input)}`, 'a BERT with heads of 64'),
    }),
    tokenizer_kwargs: plainTokenizer,
    hf_proj_type: z.string().optional(),
    proj: z.string().optional(),
    hf_pooler_type: z.string().optional(),
    pooler_type: z.string().optional(),
    context_length: contextLength,
  })
  // Copies made before late 2023 have `proj` and `pooler_type`.
  .superRefine((text, context) => {
    const projection = text.hf_proj_type ?? text.proj;
    const pooler = text.hf_pooler_type ?? text.pooler_type;
    if (projection !== 'mlp') {
      context.addIssue({ code: 'custom', message: unsupported(`hf_proj_type “${projection ?? ''}”`, '“mlp”') });
    }
    // Under its new name `cls_pooler` goes through BERT's own pooling layer (open_clip/hf_model.py).
    const isKnown =
      pooler === 'cls_last_hidden_state_pooler' || (pooler === 'cls_pooler' && text.hf_pooler_type === undefined);
    if (!isKnown) {
      const message = unsupported(`hf_pooler_type “${pooler ?? ''}”`, '“cls_last_hidden_state_pooler”');
      context.addIssue({ code: 'custom', message });
    }
  })
  .transform((text) => ({ form: 'bert', modelName: text.hf_model_name, contextLength: text.context_length }) as const);

// Defaults and switches: CLIPTextCfg of open_clip/model.py.
const clipText = z
  .object({
    context_length: contextLength,
    heads: positive.default(8),
    layers: positive,
    width: positive,
    tokenizer_kwargs: plainTokenizer,
    hf_tokenizer_name: only(['openai/clip-vit-base-patch32'], 'hf_tokenizer_name', 'CLIP’s byte pairs').optional(),
    pool_type: only(['argmax'], 'pool_type', '“argmax”').optional(),
    no_causal_mask: absent('no_causal_mask'),
    embed_cls: absent('embed_cls'),
    proj_bias: absent('proj_bias'),
    proj_type: only(['linear'], 'proj_type', '“linear”').optional(),
    final_ln_after_pool: absent('final_ln_after_pool'),
    ls_init_value: absent('ls_init_value'),
    act_kwargs: only([null], 'act_kwargs', 'an activation without them').optional(),
    norm_kwargs: only([null], 'norm_kwargs', 'a norm without them').optional(),
    qk_norm: absent('qk_norm'),
    scaled_cosine_attn: absent('scaled_cosine_attn'),
  })
  .transform((text) => ({ form: 'clip', heads: text.heads, contextLength: text.context_length }) as const);

/** Which of two forms a tower has is told by a field that only one of them has. */
const towerOf = <A extends z.ZodType, B extends z.ZodType>(field: string, withField: A, without: B) =>
  z.looseObject({}).transform((tower, context): z.output<A> | z.output<B> => {
    const parsed = (field in tower ? withField : without).safeParse(tower);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });

const schema = z.object({
  model_cfg: z.object({
    embed_dim: positive.max(8192),
    quick_gelu: z.boolean().default(false),
    vision_cfg: towerOf('timm_model_name', timmVision, clipVision),
    text_cfg: towerOf('hf_model_name', bertText, clipText),
  }),
  preprocess_cfg: z.object({
    mean: threeNumbers,
    std: threeNumbers.refine((values) => values.every((value) => value > 0), {
      error: 'std must be greater than 0 in every channel',
    }),
    // Of “random” the official code takes the bicubic one, but in training.
    interpolation: z.enum([...interpolations, 'random']).nullish(),
    resize_mode: z.enum(resizeModes).nullish(),
    fill_color: z.number().int().min(0).max(255).nullish(),
  }),
});

/** What `open_clip_config.json` says of a dual encoder: each tower is a published one, or open_clip's own (`clip`). */
export interface OpenClipConfig {
  readonly embedDim: number;
  /** Of open_clip's own towers: the activation of the first CLIP models. */
  readonly quickGelu: boolean;
  readonly vision: z.output<typeof timmVision> | z.output<typeof clipVision>;
  readonly text: z.output<typeof bertText> | z.output<typeof clipText>;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly resizeMode: ImagePreparation['resizeMode'];
  readonly interpolation: ImagePreparation['interpolation'];
  /** Of what `longest` fills. */
  readonly fill: number;
}

/** @throws {Error} naming every field that is missing or that is not supported */
export function parseOpenClipConfig(text: string): OpenClipConfig {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(issuesInWords(parsed.error.issues));
  const { model_cfg: model, preprocess_cfg: preprocess } = parsed.data;
  const resizeMode = preprocess.resize_mode ?? 'shortest';
  return {
    embedDim: model.embed_dim,
    quickGelu: model.quick_gelu,
    vision: model.vision_cfg,
    text: model.text_cfg,
    mean: preprocess.mean,
    std: preprocess.std,
    resizeMode,
    interpolation: preprocess.interpolation === 'bilinear' ? 'bilinear' : 'bicubic',
    fill: resizeMode === 'longest' ? (preprocess.fill_color ?? 0) : 0,
  };
}
