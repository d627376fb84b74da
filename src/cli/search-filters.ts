import { Option, InvalidArgumentError, type Command } from 'commander';
import { figureTypes } from '../domain/figure-classes.js';
import type { FigureFilter, Reuse } from '../domain/figure-filter.js';
import { wholeNumber } from './number-options.js';

export interface FilterOptions {
  readonly label?: readonly string[];
  readonly modality?: readonly string[];
  readonly figureType?: readonly string[];
  readonly predictedModality?: readonly string[];
  readonly license?: readonly string[];
  readonly journal?: readonly string[];
  readonly article?: readonly string[];
  readonly year?: readonly number[];
  readonly yearFrom?: number;
  readonly yearTo?: number;
  readonly reuse?: string;
  readonly collection?: string;
  readonly withMask?: boolean;
  readonly withoutMask?: boolean;
  readonly since?: Date;
  readonly retracted?: boolean;
}

const reuses: Readonly<Record<string, Reuse>> = {
  any: 'ANY',
  commercial: 'COMMERCIAL',
  derivatives: 'DERIVATIVES',
  'commercial-derivatives': 'COMMERCIAL_DERIVATIVES',
};

/** Adds the options of a filter: of several values of one option any may hold, of several options all must. */
export function withFilterOptions(command: Command): Command {
  return command
    .option('--label <label...>', 'only figures with one of these labels')
    .option('--modality <modality...>', 'only figures of one of these modalities')
    .addOption(
      new Option('--figure-type <type...>', 'only figures with a panel that is classified as one of these').choices(
        figureTypes,
      ),
    )
    .option(
      '--predicted-modality <modality...>',
      'only figures with a panel that is classified as one of these, whatever their records say',
    )
    .option('--license <license...>', 'only figures under one of these licenses')
    .option('--journal <journal...>', 'only figures of one of these journals')
    .option('--article <id...>', 'only figures of one of these articles (art_…)')
    .addOption(
      new Option('--year <year...>', 'only figures of articles of one of these years').argParser(
        (text, before: readonly number[] | undefined) => [...(before ?? []), wholeNumber(text)],
      ),
    )
    .option('--year-from <year>', 'only figures of articles from this year on', wholeNumber)
    .option('--year-to <year>', 'only figures of articles up to this year', wholeNumber)
    .addOption(new Option('--reuse <use>', 'only figures whose license allows this').choices(Object.keys(reuses)))
    .option('--collection <id>', 'only figures of this collection (col_…)')
    .addOption(new Option('--with-mask', 'only figures that have a mask of any prompt').conflicts('withoutMask'))
    .option('--without-mask', 'only figures that have no mask')
    .option('--since <date>', 'only figures that were taken in after this date', dateOf)
    .option('--retracted', 'also figures of retracted articles');
}

/** @returns null where no option says anything */
export function readFilter(options: FilterOptions): FigureFilter | null {
  const filter: FigureFilter = {
    labels: options.label ?? null,
    modalities: options.modality ?? null,
    figureTypes: options.figureType ?? null,
    predictedModalities: options.predictedModality ?? null,
    licenses: options.license ?? null,
    journals: options.journal ?? null,
    articleIds: options.article ?? null,
    years: options.year ?? null,
    yearFrom: options.yearFrom ?? null,
    yearTo: options.yearTo ?? null,
    reuse: options.reuse === undefined ? null : (reuses[options.reuse] ?? null),
    collectionId: options.collection ?? null,
    hasAnyMask: options.withMask === true ? true : options.withoutMask === true ? false : null,
    ingestedAfter: options.since ?? null,
    excludeRetracted: options.retracted === true ? false : null,
  };
  return Object.values(filter).every((value) => value === null) ? null : filter;
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError(`expected a date as 2026-01-31 but received ${text}`);
}
