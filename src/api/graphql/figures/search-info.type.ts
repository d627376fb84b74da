import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('QueryExpansion', { description: 'Words of a query that others mean as well.' })
export class QueryExpansionType {
  @Field({ description: 'As they were typed.' }) words!: string;
  @Field(() => [String], { description: 'What was looked for as well.' }) synonyms!: readonly string[];
}

@ObjectType('SearchInfo', {
  description:
    'How the answer was made: which model and index generation, whether exact, and where the time went (milliseconds).',
})
export class SearchInfoType {
  @Field() model!: string;
  @Field() generation!: string;
  @Field() exact!: boolean;
  @Field(() => Int) candidates!: number;
  @Field(() => Int, {
    nullable: true,
    description:
      'Ranked figures that fit the text, and are not only nearer to it than others, by the rule in docs/search.md; 0: nothing matches. Null where no rule tells: for images, several terms, and single channels.',
  })
  matches!: number | null;
  @Field(() => Int, { description: 'Figures that match, whether or not they were ranked.' }) total!: number;
  @Field({ description: 'Whether `total` is exact; else it is a bound from above.' }) totalIsExact!: boolean;
  @Field(() => String, {
    nullable: true,
    description:
      'Where no figure that the filter allows holds what the query requires: its words as a text that requires nothing, for another search. Else null.',
  })
  unconstrainedText!: string | null;
  /** Found only where it is asked for. */
  suggest!: () => Promise<string | null>;
  @Field(() => [QueryExpansionType], {
    description: 'Words of the query whose synonyms and written-out forms were looked for as well; docs/search.md.',
  })
  expansions!: readonly QueryExpansionType[];
  @Field(() => Float) embedMs!: number;
  @Field(() => Float) searchMs!: number;
  @Field(() => Float) fetchMs!: number;
}
