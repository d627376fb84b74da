import { Args, Parent, ResolveField, Resolver, registerEnumType } from '@nestjs/graphql';
import { CitationKeys, formatCitation } from '../../../domain/citation.js';
import { ArticleType } from './types.js';

export enum CitationFormat {
  BIBTEX = 'BIBTEX',
  RIS = 'RIS',
  CSL_JSON = 'CSL_JSON',
}

registerEnumType(CitationFormat, { name: 'CitationFormat' });

@Resolver(() => ArticleType)
export class CitationResolver {
  @ResolveField(() => String, {
    description: 'An entry for a bibliography; names of authors as the source gives them.',
  })
  citation(
    @Parent() article: ArticleType,
    @Args('format', { type: () => CitationFormat, nullable: true, defaultValue: CitationFormat.BIBTEX })
    format: CitationFormat | null | undefined,
  ): string {
    return formatCitation(article, format ?? CitationFormat.BIBTEX, new CitationKeys().next(article));
  }
}
