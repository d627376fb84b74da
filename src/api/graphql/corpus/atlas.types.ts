import { ArgsType, Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { usualListedPoints, type AtlasColumns } from '../../../atlas/atlas-points.js';
import type { AtlasState } from '../../../domain/atlas.js';
import { FigureFilterInput } from '../search/filter.inputs.js';

const AtlasStateName: Readonly<Record<AtlasState, AtlasState>> = {
  ABSENT: 'ABSENT',
  RUNNING: 'RUNNING',
  READY: 'READY',
  FAILED: 'FAILED',
};

registerEnumType(AtlasStateName, {
  name: 'AtlasState',
  description: 'Whether there is a map of the corpus.',
  valuesMap: {
    ABSENT: { description: 'None was made for the active model: `makeAtlas` makes one.' },
    RUNNING: { description: 'One is being made; the one before it, if there is one, is still given.' },
    READY: { description: 'There is one.' },
    FAILED: { description: 'There is none, and the last one could not be made: see `failure`.' },
  },
});

@ObjectType('AtlasCluster', { description: 'A dense part of the map.' })
export class AtlasClusterType {
  @Field({
    description: 'The words as one text, or “Cluster” with its number where no word tells it from the rest of the map.',
  })
  text!: string;
  @Field(() => [String], {
    description:
      'Words of its captions that are more frequent in it than elsewhere, the most telling first; at most 3.',
  })
  words!: readonly string[];
  @Field(() => Float, { description: 'Its middle, 0..1.' }) x!: number;
  @Field(() => Float) y!: number;
  @Field(() => Int, { description: 'Points in it, of those that are asked for.' }) count!: number;
}

@ObjectType('Atlas', {
  description:
    'A map of the corpus: figures whose images are alike lie together. Parallel lists; `x` and `y` in 0..1. The lists have at most `first` points; for whole maps, `pointsUrl` gives all at once in a compact form (docs/atlas.md).',
})
export class AtlasType {
  /** Read when a field asks for it. */
  read!: () => Promise<AtlasPage>;
  @Field(() => AtlasStateName) state!: AtlasState;
  @Field(() => Float, { nullable: true, description: 'The share that is done, 0..1, while a map is made.' })
  progress!: number | null;
  @Field(() => String, { nullable: true, description: 'Why the last map could not be made.' }) failure!: string | null;
  @Field({ description: 'Name of the map; empty where there is none.' }) generation!: string;
  @Field(() => Date, { nullable: true }) madeAt!: Date | null;
  @Field({ description: 'Address of all these points in a binary form, with an ETag.' }) pointsUrl!: string;
}

/** A part of a map's points. */
export interface AtlasPage {
  readonly columns: AtlasColumns;
  readonly from: number;
  readonly to: number;
}

@ArgsType()
export class AtlasArgs {
  @Field(() => ID, { nullable: true, description: 'Only the members of this collection.' }) collectionId?:
    string | null;
  @Field(() => FigureFilterInput, { nullable: true }) filter?: FigureFilterInput | null;
  @Field(() => [ID], { nullable: true, description: 'Only these figures, at most 1000: for the hits of a search.' })
  figureIds?: string[] | null;
  @Field(() => Int, { nullable: true, defaultValue: usualListedPoints, description: 'At most 5000.' }) first?:
    number | null;
  @Field(() => String, { nullable: true, description: '`endCursor` of the page before.' }) after?: string | null;
}
