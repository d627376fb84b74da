import { z } from 'zod';
import { issuesInWords } from '../../domain/issues.js';
import { only } from '../supported-values.js';

const positive = z.number().int().positive().max(65_536);
const temperature = z.number().positive();

const resNetSchema = z.object({
  model_type: only('resnet'),
  layer_type: only('bottleneck').default('bottleneck'),
  hidden_act: only('relu').default('relu'),
  downsample_in_bottleneck: only(false).default(false),
  downsample_in_first_stage: only(false).default(false),
});

const schema = z.object({
  model_type: only('dab-detr'),
  query_dim: only(4).default(4),
  num_patterns: only(0).default(0),
  normalize_before: only(false).default(false),
  keep_query_pos: z.boolean().default(false),
  dilation: only(false, null).default(false),
  activation_function: only('prelu', 'relu').default('prelu'),
  hidden_size: positive.multipleOf(4).default(256),
  num_queries: positive.default(300),
  encoder_layers: positive.default(6),
  encoder_attention_heads: positive.default(8),
  encoder_ffn_dim: positive.default(2048),
  decoder_layers: positive.default(6),
  decoder_attention_heads: positive.default(8),
  decoder_ffn_dim: positive.default(2048),
  temperature_height: temperature.default(20),
  temperature_width: temperature.default(20),
  sine_position_embedding_scale: z.number().positive().nullable().default(null),
  use_timm_backbone: z.boolean().default(true),
  backbone: only('resnet50', null).default('resnet50'),
  backbone_config: resNetSchema.nullable().default(null),
  backbone_kwargs: z
    .object({ output_stride: only(32).optional(), in_chans: only(3).optional() })
    .nullable()
    .default(null),
});

/** What `config.json` says of a DAB-DETR: every size but those of the backbone, which its tensors tell. */
export interface DabDetrConfig {
  /** Who named the backbone's tensors. */
  readonly backbone: 'timm' | 'transformers';
  /** Channels of the tokens and the queries. */
  readonly width: number;
  readonly queries: number;
  readonly encoder: TransformerSizes;
  readonly decoder: TransformerSizes;
  readonly activation: 'prelu' | 'relu';
  /** Whether every layer adds a query's position to its content before it looks at the image, not the first one alone. */
  readonly keepQueryPositions: boolean;
  readonly positions: {
    /** The wave lengths of rows and columns run from 2π to 2π · temperature. */
    readonly rowTemperature: number;
    readonly columnTemperature: number;
    readonly scale: number;
  };
}

interface TransformerSizes {
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
}

/**
 * `config.json` of a DabDetrForObjectDetection (transformers, configuration_dab_detr.py). Settings of training are not read.
 * @throws {Error} naming every field that is not built here
 */
export function parseDabDetrConfig(text: string): DabDetrConfig {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(issuesInWords(parsed.error.issues));
  const { data } = parsed;
  const { hidden_size: width, encoder_attention_heads: ofEncoder, decoder_attention_heads: ofDecoder } = data;
  for (const heads of [ofEncoder, ofDecoder]) {
    if (width % heads !== 0) throw new Error(`hidden_size ${width} is no multiple of ${heads} attention heads`);
  }
  if (data.use_timm_backbone && data.backbone === null) throw new Error('backbone: null; expected resnet50');
  return {
    backbone: data.use_timm_backbone ? 'timm' : 'transformers',
    width,
    queries: data.num_queries,
    encoder: { layers: data.encoder_layers, heads: ofEncoder, feedForward: data.encoder_ffn_dim },
    decoder: { layers: data.decoder_layers, heads: ofDecoder, feedForward: data.decoder_ffn_dim },
    activation: data.activation_function,
    keepQueryPositions: data.keep_query_pos,
    positions: {
      rowTemperature: data.temperature_height,
      columnTemperature: data.temperature_width,
      scale: data.sine_position_embedding_scale ?? 2 * Math.PI,
    },
  };
}
