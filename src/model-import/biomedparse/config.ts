import { parse } from 'yaml';
import { z } from 'zod';
import { issuesInWords } from '../../domain/issues.js';
import { only } from '../supported-values.js';

const positive = z.number().int().positive().max(65_536);
const four = z.array(positive).length(4);
const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);

const focalSchema = z.object({
  PATCH_SIZE: only(4),
  EMBED_DIM: positive,
  DEPTHS: four,
  FOCAL_LEVELS: four,
  FOCAL_WINDOWS: four,
  MLP_RATIO: z.number().positive().max(64),
  PATCH_NORM: only(true),
  USE_CONV_EMBED: only(true),
  SCALING_MODULATOR: z.boolean().default(false),
  USE_POSTLN: only(true),
  USE_POSTLN_IN_MODULATION: only(false),
  USE_LAYERSCALE: only(true),
});

/** The backbone halves a picture five times. */
export const sizeMultiple = 32;

/** What a checkpoint that is not the released one says of itself; no part of the released form. */
const ownSchema = z.strictObject({
  SOURCE: z.string().min(1).max(200),
  LICENSE: z.string().min(1).max(200),
  WARNING: z.string().min(1).max(1000),
  /** Side of the square that it was trained on. */
  IMAGE_SIZE: positive.multipleOf(sizeMultiple).min(64).max(2048),
});

const schema = z.object({
  FIGSEEK: ownSchema.optional(),
  MODEL: z.object({
    NAME: only('seem_model_demo'),
    DIM_PROJ: positive,
    TEXT: z.object({
      NAME: only('transformer'),
      TOKENIZER: only('clip'),
      CONTEXT_LENGTH: positive.min(3),
      WIDTH: positive,
      HEADS: positive,
      LAYERS: positive,
      AUTOGRESSIVE: only(true),
    }),
    BACKBONE: z.object({ NAME: only('focal'), FOCAL: focalSchema }),
    ENCODER: z.object({
      NAME: only('transformer_encoder_fpn'),
      CONVS_DIM: positive,
      MASK_DIM: positive,
      NORM: only('GN'),
      TRANSFORMER_ENC_LAYERS: positive,
    }),
    DECODER: z.object({
      NAME: only('seem_demo'),
      HIDDEN_DIM: positive,
      NUM_OBJECT_QUERIES: positive,
      NHEADS: positive,
      DIM_FEEDFORWARD: positive,
      PRE_NORM: only(false),
      ENFORCE_INPUT_PROJ: only(false),
      SIZE_DIVISIBILITY: only(32),
      DEC_LAYERS: positive.min(2),
    }),
  }),
  ATTENTION_ARCH: z.object({
    SELF_ATTENTION: z.object({
      queries: z.object({ object: z.array(z.string()) }),
      tokens: z.object({ grounding: z.array(z.string()) }),
    }),
    CROSS_ATTENTION: z.object({
      queries: z.object({ object: only(true) }),
      tokens: z.object({ grounding: only(false) }),
    }),
  }),
  INPUT: z.object({
    PIXEL_MEAN: threeNumbers,
    PIXEL_STD: threeNumbers.refine((values) => values.every((value) => value > 0), {
      error: 'expected numbers greater than 0',
    }),
  }),
});

/** What `config.yaml` says of a BiomedParse v1 network: every size but the vocabulary's. */
export interface BiomedParseConfig {
  readonly text: { readonly width: number; readonly heads: number; readonly layers: number; readonly context: number };
  readonly focal: {
    /** Channels of the first stage; each further one has twice as many. */
    readonly width: number;
    readonly depths: readonly number[];
    readonly levels: readonly number[];
    /** Kernel of the first focal level of each stage; each further level's is 2 larger. */
    readonly windows: readonly number[];
    readonly mlpRatio: number;
    readonly scaled: boolean;
  };
  /** Channels of the pixel decoder's maps, of the queries and of the text tokens. */
  readonly width: number;
  readonly maskWidth: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly queries: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  readonly origin: ModelOrigin;
}

/** Where a checkpoint comes from, and what its users must know. */
interface ModelOrigin {
  readonly source: string;
  readonly license: string;
  readonly warning: string;
  /** Side of the square picture that it was trained on, and that its statistics are of. */
  readonly imageSize: number;
}

/** The released weights (the model's page on Hugging Face). */
const released: ModelOrigin = {
  source: 'BiomedParse v1',
  license: 'CC-BY-NC-SA-4.0',
  warning:
    'BiomedParse is for research only, not for clinical use; its weights may not be used commercially, and what is made from them carries the same license (CC BY-NC-SA 4.0). It was trained on whole pictures of one kind, not on compound figures.',
  imageSize: 1024,
};

const maxBytes = 1 << 20;

/** @throws {Error} naming every field that is missing or that is not built here */
export function parseBiomedParseConfig(text: string): BiomedParseConfig {
  if (text.length > maxBytes) throw new Error(`it has ${text.length} characters; expected at most ${maxBytes}`);
  const parsed = schema.safeParse(parse(text, { maxAliasCount: 10 }));
  if (!parsed.success) throw new Error(issuesInWords(parsed.error.issues));
  const { MODEL: model, INPUT: input, ATTENTION_ARCH: attention, FIGSEEK: own } = parsed.data;
  const { TEXT: words, ENCODER: encoder, DECODER: decoder } = model;
  const { FOCAL: focal } = model.BACKBONE;
  for (const names of [attention.SELF_ATTENTION.queries.object, attention.SELF_ATTENTION.tokens.grounding]) {
    if (!names.includes('queries_object') || !names.includes('tokens_grounding')) {
      throw new Error('ATTENTION_ARCH.SELF_ATTENTION: expected queries and text tokens to attend to each other');
    }
  }
  const config = {
    text: { width: words.WIDTH, heads: words.HEADS, layers: words.LAYERS, context: words.CONTEXT_LENGTH },
    focal: {
      width: focal.EMBED_DIM,
      depths: focal.DEPTHS,
      levels: focal.FOCAL_LEVELS,
      windows: focal.FOCAL_WINDOWS,
      mlpRatio: focal.MLP_RATIO,
      scaled: focal.SCALING_MODULATOR,
    },
    width: decoder.HIDDEN_DIM,
    maskWidth: encoder.MASK_DIM,
    heads: decoder.NHEADS,
    feedForward: decoder.DIM_FEEDFORWARD,
    encoderLayers: encoder.TRANSFORMER_ENC_LAYERS,
    // One more is counted for the loss on the learned queries (interface/seem_demo.py, from_config).
    decoderLayers: decoder.DEC_LAYERS - 1,
    queries: decoder.NUM_OBJECT_QUERIES,
    mean: input.PIXEL_MEAN,
    std: input.PIXEL_STD,
    origin:
      own === undefined
        ? released
        : { source: own.SOURCE, license: own.LICENSE, warning: own.WARNING, imageSize: own.IMAGE_SIZE },
  };
  checkTogether(config, encoder.CONVS_DIM, model.DIM_PROJ);
  return config;
}

/** Groups of a group norm, as detectron2's `GN`. */
export const normGroups = 32;

function checkTogether(config: BiomedParseConfig, convolutionWidth: number, projection: number): void {
  const { width, heads, text } = config;
  if (convolutionWidth !== width || projection !== width) {
    throw new Error(
      `CONVS_DIM ${convolutionWidth}, HIDDEN_DIM ${width} and DIM_PROJ ${projection} must be equal: maps, queries and text meet in one attention`,
    );
  }
  if (width % heads !== 0 || width % 4 !== 0 || width % normGroups !== 0) {
    throw new Error(`HIDDEN_DIM ${width} must be a multiple of NHEADS ${heads} and of ${normGroups}`);
  }
  if (text.width % text.heads !== 0) throw new Error(`WIDTH ${text.width} is no multiple of HEADS ${text.heads}`);
  if (config.focal.windows.some((window) => window % 2 === 0)) throw new Error('FOCAL_WINDOWS must be odd');
}
