import { describe, expect, it } from '@jest/globals';
import { parseBiomedParseConfig } from './config.js';

const released = `
MODEL:
  NAME: seem_model_demo
  DIM_PROJ: 512
  TEXT: {NAME: transformer, TOKENIZER: clip, CONTEXT_LENGTH: 77, WIDTH: 512, HEADS: 8, LAYERS: 12, AUTOGRESSIVE: True}
  BACKBONE:
    NAME: focal
    FOCAL: {PATCH_SIZE: 4, EMBED_DIM: 192, DEPTHS: [2, 2, 18, 2], FOCAL_LEVELS: [4, 4, 4, 4], FOCAL_WINDOWS: [3, 3, 3, 3],
      MLP_RATIO: 4.0, PATCH_NORM: True, USE_CONV_EMBED: True, SCALING_MODULATOR: True, USE_POSTLN: true,
      USE_POSTLN_IN_MODULATION: false, USE_LAYERSCALE: True}
  ENCODER: {NAME: transformer_encoder_fpn, CONVS_DIM: 512, MASK_DIM: 512, NORM: "GN", TRANSFORMER_ENC_LAYERS: 6}
  DECODER: {NAME: seem_demo, HIDDEN_DIM: 512, NUM_OBJECT_QUERIES: 101, NHEADS: 8, DIM_FEEDFORWARD: 2048, PRE_NORM: False,
    ENFORCE_INPUT_PROJ: False, SIZE_DIVISIBILITY: 32, DEC_LAYERS: 10}
ATTENTION_ARCH:
  SELF_ATTENTION:
    queries: {object: [queries_object, tokens_grounding]}
    tokens: {grounding: [queries_object, tokens_grounding]}
  CROSS_ATTENTION:
    queries: {object: True}
    tokens: {grounding: False}
INPUT: {PIXEL_MEAN: [123.675, 116.280, 103.530], PIXEL_STD: [58.395, 57.120, 57.375]}
`;

describe('the configuration of BiomedParse', () => {
  it('gives every size, and one decoder layer less than it counts', () => {
    expect(parseBiomedParseConfig(released)).toMatchObject({
      text: { width: 512, heads: 8, layers: 12, context: 77 },
      focal: { width: 192, depths: [2, 2, 18, 2], mlpRatio: 4, scaled: true },
      decoderLayers: 9,
      queries: 101,
      std: [58.395, 57.12, 57.375],
    });
  });

  it('tells the released license and size, or what a checkpoint of our own says of itself', () => {
    expect(parseBiomedParseConfig(released).origin).toMatchObject({ license: 'CC-BY-NC-SA-4.0', imageSize: 1024 });
    const own = 'FIGSEEK: {SOURCE: figseek/other, LICENSE: Apache-2.0, WARNING: not for work, IMAGE_SIZE: 256}\n';
    expect(parseBiomedParseConfig(own + released).origin).toEqual({
      source: 'figseek/other',
      license: 'Apache-2.0',
      warning: 'not for work',
      imageSize: 256,
    });
    expect(() => parseBiomedParseConfig(own.replace('256', '250') + released)).toThrow(/FIGSEEK\.IMAGE_SIZE/);
  });

  it.each([
    [
      'TOKENIZER: clip',
      'TOKENIZER: biomed-clip',
      /MODEL\.TEXT\.TOKENIZER: "biomed-clip" is not supported; expected clip/,
    ],
    ['NAME: focal', 'NAME: davit', /MODEL\.BACKBONE\.NAME: "davit" is not supported/],
    ['USE_POSTLN: true', 'USE_POSTLN: false', /USE_POSTLN: false is not supported/],
    ['HIDDEN_DIM: 512', 'HIDDEN_DIM: 256', /CONVS_DIM 512, HIDDEN_DIM 256 and DIM_PROJ 512 must be equal/],
    ['NHEADS: 8', 'NHEADS: 7', /multiple of NHEADS 7/],
    ['DEC_LAYERS: 10', 'DEC_LAYERS: many', /DECODER\.DEC_LAYERS/],
    ['58.395', '0', /PIXEL_STD: expected numbers greater than 0/],
    [
      'grounding: [queries_object, tokens_grounding]',
      'grounding: [tokens_grounding]',
      /SELF_ATTENTION: expected queries/,
    ],
  ])('refuses %s changed to %s, and says why', (from, to, reason) => {
    expect(() => parseBiomedParseConfig(released.replace(from, to))).toThrow(reason);
  });

  it('refuses a file that grows when it is read', () => {
    const bomb = `a: &a [x, x, x, x]\nb: &b [${'*a, '.repeat(30)}]\nc: [${'*b, '.repeat(30)}]\n`;
    expect(() => parseBiomedParseConfig(bomb)).toThrow(/alias/i);
    expect(() => parseBiomedParseConfig('#'.repeat(2 ** 21))).toThrow(/at most/);
  });
});
