import { InvalidArgumentError, type Command } from 'commander';
import type { ChannelWeights } from '../domain/channel-weights.js';
import { allChannels, type Channel } from '../domain/search.js';
import type { OtherSettings } from '../evaluation/known-items/compare-settings.js';
import { channelList, channelOf } from './channel-names.js';
import { wholeNumber } from './number-options.js';

/** Settings of a second search, which the search as it is served is held against. */
export interface AgainstArguments {
  readonly againstWeights?: ChannelWeights;
  readonly againstChannels?: readonly Channel[];
  readonly againstDepth?: number;
  readonly againstNoExpand?: boolean;
}

const greatestWeight = 100;
const greatestDepth = 10_000;

export function withAgainstOptions(command: Command): Command {
  return command
    .option(
      '--against-weights <list>',
      'ask each text with other channel weights too, as image=2,caption=0.5, and compare',
      weightList,
    )
    .option('--against-channels <list>', 'ask each text by some channels alone too, and compare', channelList)
    .option('--against-depth <n>', 'ask each text with as many panels from each channel too, and compare', depthOf)
    .option('--against-no-expand', 'ask each text without synonyms too, and compare');
}

/** @returns null where no other setting was given */
export function readAgainst(options: AgainstArguments): OtherSettings | null {
  const { againstWeights, againstChannels, againstDepth, againstNoExpand } = options;
  const settings = {
    weights: againstWeights ?? null,
    channels: againstChannels ?? null,
    depth: againstDepth ?? null,
    expand: againstNoExpand === true ? false : null,
  };
  return Object.values(settings).every((value) => value === null) ? null : settings;
}

/** The options that give the same settings. */
export function wordsOfAgainst(options: AgainstArguments): readonly string[] {
  const { againstWeights, againstChannels, againstDepth, againstNoExpand } = options;
  return [
    ...(againstWeights === undefined ? [] : ['--against-weights', entriesOf(againstWeights).join(',').toLowerCase()]),
    ...(againstChannels === undefined ? [] : ['--against-channels', againstChannels.join(',').toLowerCase()]),
    ...(againstDepth === undefined ? [] : ['--against-depth', String(againstDepth)]),
    ...(againstNoExpand === true ? ['--against-no-expand'] : []),
  ];
}

/** “weights IMAGE=2, without synonyms” */
export function describeSettings({ weights, channels, depth, expand }: OtherSettings): string {
  return [
    ...(weights === null ? [] : [`weights ${entriesOf(weights).join(' ')}`]),
    ...(channels === null ? [] : [`channels ${channels.join(' ')}`]),
    ...(depth === null ? [] : [`depth ${depth}`]),
    ...(expand === null ? [] : [expand ? 'with synonyms' : 'without synonyms']),
  ].join(', ');
}

function entriesOf(weights: ChannelWeights): readonly string[] {
  return allChannels.flatMap((channel) => (weights[channel] === undefined ? [] : [`${channel}=${weights[channel]}`]));
}

/** Channels with their weights. @throws {InvalidArgumentError} */
function weightList(text: string): ChannelWeights {
  const entries = text.split(',').map((part): readonly [Channel, number] => {
    const [name = '', value = '', ...more] = part.split('=');
    const weight = value.trim() === '' ? NaN : Number(value);
    if (more.length > 0 || !(weight >= 0 && weight <= greatestWeight)) {
      throw new InvalidArgumentError(`expected weights from 0 to 100 as image=2,caption=0.5 but received ${part}`);
    }
    return [channelOf(name), weight];
  });
  return Object.fromEntries(entries);
}

function depthOf(text: string): number {
  const depth = wholeNumber(text);
  if (depth > greatestDepth) throw new InvalidArgumentError(`expected at most ${greatestDepth}`);
  return depth;
}
