import { InvalidArgumentError } from 'commander';
import { allChannels, type Channel } from '../domain/search.js';

/** Names of channels with commas between them. @throws {InvalidArgumentError} */
export function channelList(text: string): readonly Channel[] {
  return text.split(',').map(channelOf);
}

/** A channel by its name, in letters of any case. @throws {InvalidArgumentError} */
export function channelOf(name: string): Channel {
  const channel = allChannels.find((known) => known === name.trim().toUpperCase());
  if (channel === undefined) {
    throw new InvalidArgumentError(`expected image, caption or keyword but received ${name}`);
  }
  return channel;
}
