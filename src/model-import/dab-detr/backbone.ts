import { countLayers, shapeOf } from '../checkpoint/checked-tensors.js';
import type { Checkpoint } from '../checkpoint/tensor.js';
import type { Layers } from '../layers.js';
import type { ValueName } from '../onnx/graph-writer.js';
import type { DabDetrConfig } from './config.js';

/** A convolution without a bias, and the batch norm behind it. */
interface NormedConvolution {
  /** Key of its kernels. */
  readonly weight: string;
  /** The norm's keys less their last part. */
  readonly norm: string;
  readonly stride: number;
}

interface Bottleneck {
  readonly convolutions: readonly [NormedConvolution, NormedConvolution, NormedConvolution];
  /** Null where the input is added as it is. */
  readonly shortcut: NormedConvolution | null;
}

/** A ResNet of bottlenecks, as ResNet-50 (torchvision's form: the convolution of three by three strides). */
export interface ResNet {
  readonly stem: NormedConvolution;
  readonly blocks: readonly Bottleneck[];
  /** Channels of its last map. */
  readonly channels: number;
  /** Every key with its shape. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

type Part = 0 | 1 | 2 | 'shortcut' | 'stem';
type Names = (stage: number, block: number, part: Part) => readonly [weight: string, norm: string];

const root = 'model.backbone.conv_encoder.model.';
const stages = 4;

/** timm's names within transformers' TimmBackbone. */
const timmNames: Names = (stage, block, part) => {
  if (part === 'stem') return [`${root}_backbone.conv1.weight`, `${root}_backbone.bn1`];
  const name = `${root}_backbone.layer${stage + 1}.${block}.`;
  if (part === 'shortcut') return [`${name}downsample.0.weight`, `${name}downsample.1`];
  return [`${name}conv${part + 1}.weight`, `${name}bn${part + 1}`];
};

/** Names of transformers' ResNetBackbone. */
const transformersNames: Names = (stage, block, part) => {
  const inBlock = part === 'shortcut' ? 'shortcut' : `layer.${part}`;
  const name =
    part === 'stem' ? `${root}embedder.embedder` : `${root}encoder.stages.${stage}.layers.${block}.${inBlock}`;
  return [`${name}.convolution.weight`, `${name}.normalization`];
};

const forms = {
  timm: { names: timmNames, pattern: (stage: number) => `_backbone\\.layer${stage + 1}` },
  transformers: { names: transformersNames, pattern: (stage: number) => `encoder\\.stages\\.${stage}\\.layers` },
};

/** Reads off the sizes of a backbone. @throws {Error} naming a key that is absent or of another form */
export function describeResNet({ tensors }: Checkpoint, { backbone }: Pick<DabDetrConfig, 'backbone'>): ResNet {
  const { names, pattern } = forms[backbone];
  const shapes = new Map<string, readonly number[]>();
  const add = (stride: number, kernel: number, into: number, [weight, norm]: readonly [string, string]) => {
    const [out] = shapeOf(tensors, weight, 4);
    shapes.set(weight, [out, into, kernel, kernel]);
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) shapes.set(`${norm}.${part}`, [out]);
    return { convolution: { weight, norm, stride }, out };
  };
  const stem = add(2, 7, 3, names(0, 0, 'stem'));
  const blocks: Bottleneck[] = [];
  let channels = stem.out;
  for (let stage = 0; stage < stages; stage++) {
    const count = countLayers(tensors, new RegExp(`^${root.replaceAll('.', '\\.')}${pattern(stage)}\\.(\\d+)\\.`));
    if (count === 0) throw new Error(`it lacks stage ${stage + 1} of the backbone; expected a ResNet-50`);
    for (let block = 0; block < count; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const narrow = add(1, 1, channels, names(stage, block, 0));
      const wide = add(stride, 3, narrow.out, names(stage, block, 1));
      const last = add(1, 1, wide.out, names(stage, block, 2));
      const isAdded = stride === 1 && channels === last.out;
      const shortcut = isAdded ? null : add(stride, 1, channels, names(stage, block, 'shortcut')).convolution;
      blocks.push({ convolutions: [narrow.convolution, wide.convolution, last.convolution], shortcut });
      channels = last.out;
    }
  }
  return { stem: stem.convolution, blocks, channels, shapes };
}

/** @param image [batch, 3, height, width] @returns [batch, channels, height / 32, width / 32], rounded up */
export async function resNet(layers: Layers, image: ValueName, { stem, blocks }: ResNet): Promise<ValueName> {
  const { graph } = layers;
  const stemmed = graph.op('Relu', [await normedConvolution(layers, image, stem)]);
  let x = graph.op('MaxPool', [stemmed], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  for (const { convolutions, shortcut } of blocks) {
    const [narrow, wide, last] = convolutions;
    const narrowed = graph.op('Relu', [await normedConvolution(layers, x, narrow)]);
    const widened = graph.op('Relu', [await normedConvolution(layers, narrowed, wide)]);
    const added = shortcut === null ? x : await normedConvolution(layers, x, shortcut);
    x = graph.op('Relu', [graph.op('Add', [await normedConvolution(layers, widened, last), added])]);
  }
  return x;
}

/** Of DabDetrFrozenBatchNorm2d. */
const epsilon = 1e-5;

/** A convolution with its frozen batch norm folded into it: the scale into the kernels, the offset into the bias. */
async function normedConvolution(
  layers: Layers,
  x: ValueName,
  { weight, norm, stride }: NormedConvolution,
): Promise<ValueName> {
  const shape = layers.shapeOf(weight);
  const [channels = 0, , kernel = 1] = shape;
  const [kernels, scales, offsets] = [
    await layers.values(weight),
    await layers.values(`${norm}.weight`),
    await layers.values(`${norm}.bias`),
  ];
  const means = await layers.values(`${norm}.running_mean`);
  const variances = await layers.values(`${norm}.running_var`);
  if (variances.some((variance) => variance < 0)) throw new Error(`${norm}.running_var holds a negative variance`);
  const factors = scales.map((scale, i) => scale / Math.sqrt((variances[i] ?? 0) + epsilon));
  const perChannel = kernels.length / channels;
  const scaled = kernels.map((value, i) => value * (factors[Math.floor(i / perChannel)] ?? 0));
  const biases = offsets.map((offset, i) => offset - (means[i] ?? 0) * (factors[i] ?? 0));
  const pad = Math.floor(kernel / 2);
  return layers.graph.op('Conv', [x, await layers.weight(scaled, shape), await layers.weight(biases, [channels])], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
  });
}
