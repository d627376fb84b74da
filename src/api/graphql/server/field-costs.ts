import { maxListedPoints, usualListedPoints } from '../../../atlas/atlas-points.js';

/** Most items of an answer's list that has no `first`: what the resolver, or what it lists, is bounded by. */
const maxLengths: Readonly<Record<string, number>> = {
  'ArticleHit.figures': 5,
  'ArticleHitConnection.facets': 8,
  'FigureConnection.facets': 8,
  'FigureHitConnection.facets': 8,
  // The mean of the eight: five have 50 at most, the others 2, 8 and 19.
  'Facet.values': 35,
  'FigureHit.evidence': 3,
  'PictureMatch.changes': 7,
  'SearchInfo.expansions': 4,
  'QueryExpansion.synonyms': 4,
  'CorpusStats.byLicense': 50,
  'CorpusStats.byModality': 50,
  'CorpusStats.byYear': 50,
  'Query.models': 50,
  'Query.knownModels': 10,
  'Query.modelJobs': 20,
  'Query.ingestRoots': 10,
  'ModelJob.notes': 10,
  'ModelJob.checks': 10,
  'Storage.parts': 5,
  'Query.maskPrompts': 300,
  // Objects that a segmenter knows of one image type.
  'Recognition.masks': 50,
  // A job may hold 2000; a query that asks for `first` of them costs as many.
  'MaskJob.masks': 2000,
  // As many as the map can have; a point has the values that `first` bounds.
  'Atlas.clusters': 60,
  'AtlasCluster.words': 3,
  'Mask.boxes': 20,
  'Mask.polygons': 50,
  // Texts and numbers of a record: usual lengths, as they are read in one row with it.
  'Article.authors': 8,
  'Figure.labels': 5,
  'Figure.mentions': 5,
  'CollectionItem.tags': 5,
  'CollectionImport.unknown': 100,
  // A group has two or three figures mostly, 50 at most.
  'DuplicateGroup.figures': 10,
  'DuplicateGroup.decisions': 45,
  'DuplicateDecision.figures': 2,
  'DuplicateDecision.figureIds': 2,
  'Mutation.decideDuplicates': 1225,
  'Figure.pixelSpacing': 2,
  'PanelSuggestion.boxes': 6,
  'PanelSuggestion.parts': 6,
  // Of the schema itself: averages.
  '__Schema.types': 90,
  '__Schema.directives': 6,
  '__Type.fields': 8,
  '__Type.inputFields': 4,
  '__Type.enumValues': 4,
  '__Type.interfaces': 1,
  '__Type.possibleTypes': 6,
  '__Field.args': 2,
  '__Directive.args': 2,
  '__Directive.locations': 4,
};

/** A search runs the model, asks three indexes and reads the database. */
const search = 500;
const query = 50;
const write = 200;
/** What a write costs more for a panel. */
const panelCost = 50;

/** What a field costs beside its value: work of the model, of an index, of the database, or much to write out. */
const extraCosts: Readonly<Record<string, number>> = {
  'Query.searchFigures': search,
  'Query.searchArticles': search,
  'Figure.similar': search,
  'Panel.similar': search,
  'Figure.duplicates': query,
  'Query.duplicatesOf': query,
  'Query.duplicateGroups': 2 * query,
  'Query.duplicateDecisions': query,
  'Figure.mask': search,
  'Figure.recognise': search,
  'Query.figures': 2 * query,
  'Query.collections': query,
  'Query.stats': 2 * query,
  'Query.atlas': 4 * query,
  'Subscription.atlas': 4 * query,
  'Query.models': query,
  'Query.knownModels': query,
  'Query.storage': 2 * query,
  'Query.article': query,
  'Query.ingestRun': query,
  'Query.ingestRuns': query,
  'IngestRun.faults': query,
  'IngestRun.isRetryable': 5,
  'Article.figures': query,
  'Collection.items': query,
  'Figure.edits': query,
  'Collection.ratings': query,
  'Collection.suggestions': search,
  'FigureHitConnection.facets': 4 * query,
  'ArticleHitConnection.facets': 4 * query,
  'SearchInfo.suggestedText': query,
  'FigureConnection.facets': 4 * query,
  'FigureHit.snippet': 10,
  'FigureHit.heatmapUrl': 5,
  'Figure.heatmapUrl': 5,
  'Mask.rle': query,
  // It looks up each line.
  'Mutation.importToCollection': 1000,
};

/** Most items that `first` gives in the field, where it is not the server's limit of a page: points of a map are a few numbers. */
export function maxFirstOf(type: string, field: string): number | null {
  return `${type}.${field}` === 'Query.atlas' ? maxListedPoints : null;
}

/** @param args as coerced */
export function extraCost(type: string, field: string, args: Readonly<Record<string, unknown>>): number {
  const own = extraCosts[`${type}.${field}`];
  if (own !== undefined) return own;
  if (type !== 'Mutation') return 0;
  return write + countListed(args) + panelCost * (countPanels(args['input']) + countPanels(args));
}

/** Items of the lists among the arguments. */
function countListed(args: Readonly<Record<string, unknown>>): number {
  return Object.values(args).reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 0), 0);
}

/** Panels among arguments or the fields of an input: each is embedded. */
function countPanels(input: unknown): number {
  const panels = typeof input === 'object' && input !== null && 'panels' in input ? input.panels : null;
  return Array.isArray(panels) ? panels.length : 0;
}

/** The greatest number of items that an operation asks for in a list field. */
export interface RequestedLength {
  /** `first` of the field; null where it has none. */
  readonly own: number | null;
  /** `first` of the connection that the field belongs to; null where it belongs to none. */
  readonly inherited: number | null;
}

/**
 * Most items of a list field.
 * @param args as coerced
 */
export function maxListLength(
  type: string,
  field: string,
  { ids }: Readonly<Record<string, unknown>>,
  { own, inherited }: RequestedLength,
): number {
  if (Array.isArray(ids)) return ids.length;
  return own ?? maxLengths[`${type}.${field}`] ?? inherited ?? pageLengths[type] ?? unknownLength;
}

/** Of types whose lists are as long as `first` says: what they hold where nothing says it. */
const pageLengths: Readonly<Record<string, number>> = { Atlas: usualListedPoints };

/** No field has it: a test goes through the schema. */
const unknownLength = 1000;

/** Whether a list of the schema has a length that is known here. */
export function hasKnownLength(type: string, field: string): boolean {
  return `${type}.${field}` in maxLengths || type in pageLengths;
}
