import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLSchema,
  type GraphQLField,
  type GraphQLInputField,
} from 'graphql';
import { schemaText } from '../../src/api/graphql/server/print-schema.js';
import { packageRoot } from '../../src/app/config.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

describe('schema.graphql', () => {
  it('is what the code serves; `npm run schema` writes it', async () => {
    expect(await schemaText()).toBe(readFileSync(path.join(packageRoot, 'schema.graphql'), 'utf8'));
  });

  // A member that clients use may not go, nor change its type; add new ones to the list.
  it('holds every member that was served before, and test/integration/served-members.txt lists all', () => {
    const served = [...membersOf(buildSchema(readFileSync(path.join(packageRoot, 'schema.graphql'), 'utf8')))];
    const listed = readFileSync(path.join(packageRoot, 'test/integration/served-members.txt'), 'utf8');
    expect(served.map(([name, type]) => `${name} ${type}`).sort()).toEqual(listed.trimEnd().split('\n'));
  });
});

/** Ours beyond the design, each with its reason. */
const additions = new Set([
  'Figure.alt', // the source's own description for blind readers
  'Figure.source', // keys tell records apart within their source
  'Figure.credit', // attribution that the license asks for
  'Figure.licenseText', // the license in words, beside its code
  'Article.licenseText',
  'Panel.similar', // more like this panel
  'Mask.warning', // the starter segmenter is not for work, and a mask outlives its answer
  'Figure.heatmapUrl', // for any text, not only that of a search
  'FacetValue.hits', // counts among the hits, beside those of the whole filtered set
  'SearchInput.fusion', // by ranks or by scores
  'SearchInput.channelWeights',
  'Fusion.RECIPROCAL_RANK',
  'Fusion.WEIGHTED_SCORES',
  'ChannelWeightsInput.IMAGE',
  'ChannelWeightsInput.CAPTION',
  'ChannelWeightsInput.KEYWORD',
  'Figure.mask', // `imageType`: whose statistics count
  'Mask.imageType',
  'Mask.isRecognised', // an object of a recognition is another mask than the one by its prompt alone
  'Figure.recognise', // `panelId`, as for a mask
  'Recognition.panel',
  'Figure.pixelSpacing', // what areas in square millimeters stand on
  'Mask.areaMm2',
  'AddFigureInput.pixelSpacing',
  // the panels of a compound figure, as a record names them
  'AddFigureInput.panels',
  'PanelInput.label',
  'PanelInput.box',
  'PanelInput.caption',
  'BoxInput.x',
  'BoxInput.y',
  'BoxInput.width',
  'BoxInput.height',
  // what of a 16-bit, float or DICOM image is black and white
  'Figure.valueRange',
  'ValueRange.low',
  'ValueRange.high',
  'ValueRange.by',
  'ValueRangeSource.TYPE',
  'ValueRangeSource.FILE',
  'ValueRangeSource.VALUES',
  // who said which panels a figure has, what is suggested, and corrections by hand
  'PanelOrigin.RECORD',
  'PanelOrigin.RULES',
  'PanelOrigin.DETECTOR',
  'PanelOrigin.PERSON',
  'PanelSuggestion.origin',
  'PanelSuggestion.boxes',
  'PanelSuggestion.parts',
  'CaptionPart.label',
  'CaptionPart.caption',
  'Figure.panelOrigin',
  'Figure.panelSuggestion',
  'Mutation.setFigurePanels',
  'Mutation.releaseFigurePanels',
  // what a classifier says of panels, beside the modality of the record
  'Figure.modality',
  'Panel.predicted',
  'PanelClass.figureType',
  'PanelClass.figureTypeProbability',
  'PanelClass.modality',
  'PanelClass.modalityProbability',
  'PanelClass.method',
  'ClassMethod.PANELS',
  'ClassMethod.ZERO_SHOT',
  'ClassMethod.LINEAR_HEAD',
  'FigureFilter.figureTypes',
  'FigureFilter.predictedModalities',
  'SearchInfo.matches', // where the hits that fit end, and the merely nearest begin
  'FigureHit.isMatch',
  'SearchInput.expand', // synonyms of the words, and which were looked for
  'SearchInfo.expansions',
  'QueryExpansion.words',
  'QueryExpansion.synonyms',
  'SearchInfo.suggestedText', // a word of the corpus in place of a misspelled one
  'SearchInfo.unconstrainedText', // what to search for where nothing holds what the words require
  'ImageInput.maskId', // search by what a mask outlines
  // where pictures stand in other figures, and what was done to them
  'PictureChange.RESCALED',
  'PictureChange.MIRRORED',
  'PictureChange.ROTATED_90',
  'PictureChange.ROTATED_180',
  'PictureChange.ROTATED_270',
  'PictureChange.RECOLORED',
  'PictureChange.BRIGHTNESS',
  'PictureChange.BORDERED',
  'PictureChange.CROPPED',
  'PictureChange.PARTIAL',
  'PictureChange.EDITED',
  'PictureMatch.similarity',
  'PictureMatch.changes',
  'PictureMatch.isSamePicture',
  'PictureMatch.box',
  'PictureMatch.otherBox',
  'PictureMatch.figure',
  'PictureMatch.panel',
  'PictureMatch.ownPanel',
  'Query.duplicatesOf',
  // browsing without a query: sorted, with the same facets as a search
  'Query.figures',
  'FigureSort.ADDED',
  'FigureSort.NEWEST',
  'FigureSort.YEAR',
  'FigureSort.ARTICLE',
  'FigureConnection.facets',
  'FigureFilter.years', // several values of the facet
  'FigureFilter.hasAnyMask', // a mask of any prompt, or none
  'IngestRun.removed', // figures whose records are gone from the source
  'IngestRun.failure', // why a run failed
  'IngestRun.leftOut', // what is no record, beside what is rejected
  'Mutation.requestMasks',
  'Mutation.cancelMasks',
  // curation: tags of members, the list of what was rated, and taking a deletion back
  'Collection.ratings',
  'CollectionItem.tags',
  'CollectionRating.figure',
  'CollectionRating.isMember',
  'CollectionRating.ratedAt',
  'CollectionRating.rating',
  'CollectionRatingConnection.edges',
  'CollectionRatingConnection.nodes',
  'CollectionRatingConnection.pageInfo',
  'CollectionRatingEdge.cursor',
  'CollectionRatingEdge.node',
  'Mutation.restoreCollection',
  'Mutation.updateCollectionItem',
  // changes of a figure by a person, with their history
  'Figure.edits',
  'FigureEdit.editedAt',
  'FigureEdit.editor',
  'FigureEdit.field',
  'FigureEdit.from',
  'FigureEdit.isRelease',
  'FigureEdit.to',
  'FigureEditConnection.edges',
  'FigureEditConnection.nodes',
  'FigureEditConnection.pageInfo',
  'FigureEditEdge.cursor',
  'FigureEditEdge.node',
  'Mutation.releaseFigureEdits',
  'Mutation.updateFigure',
  'UpdateFigureInput.caption',
  'UpdateFigureInput.labels',
  'UpdateFigureInput.license',
  'UpdateFigureInput.modality',
  // the review of duplicates
  'DuplicateDecision.decidedAt',
  'DuplicateDecision.decidedBy',
  'DuplicateDecision.figures',
  'DuplicateDecision.kept',
  'DuplicateDecision.verdict',
  'DuplicateGroup.decisions',
  'DuplicateGroup.figures',
  'DuplicateGroup.size',
  'DuplicateGroupConnection.edges',
  'DuplicateGroupConnection.nodes',
  'DuplicateGroupConnection.pageInfo',
  'DuplicateGroupEdge.cursor',
  'DuplicateGroupEdge.node',
  'DuplicateVerdict.KEEP_ALL',
  'DuplicateVerdict.KEEP_ONE',
  'DuplicateVerdict.NOT_SAME',
  'DuplicateVerdict.UNDECIDED',
  'Figure.isHidden',
  'Mutation.decideDuplicates',
  'Query.duplicateGroups',
  // the map of the corpus: whether there is one, what it is colored by, its clusters, and pages of points
  'Query.atlas',
  'Atlas.figures',
  'Atlas.state',
  'Atlas.progress',
  'Atlas.failure',
  'Atlas.madeAt',
  'Atlas.total',
  'Atlas.label',
  'Atlas.year',
  'Atlas.collectionId',
  'Atlas.cluster',
  'Atlas.clusters',
  'Atlas.pointsUrl',
  'Atlas.pageInfo',
  'Mutation.makeAtlas',
  'Mutation.cancelAtlas',
  'AtlasState.ABSENT',
  'AtlasState.RUNNING',
  'AtlasState.READY',
  'AtlasState.FAILED',
  'AtlasCluster.text',
  'AtlasCluster.words',
  'AtlasCluster.x',
  'AtlasCluster.y',
  'AtlasCluster.count',
  // collections as files, and lists of ids into collections
  'Collection.exportUrl',
  'CollectionExportFormat.BIBTEX',
  'CollectionExportFormat.COCO',
  'CollectionExportFormat.CSL_JSON',
  'CollectionExportFormat.CSV',
  'CollectionExportFormat.JSONL',
  'CollectionExportFormat.RIS',
  'CollectionExportFormat.ZIP',
  'CollectionImport.added',
  'CollectionImport.collection',
  'CollectionImport.present',
  'CollectionImport.unknown',
  'CollectionImport.unknownCount',
  'Mutation.importToCollection',
  // `first` and `after`: lists that multiply when nested are bounded
  'Article.figures',
  'Figure.collections',
  'Figure.duplicates',
  'Figure.masks',
  'Figure.panels',
  'FigureHit.duplicates',
  // a snippet by words alone, which embeds nothing
  'FigureHit.snippet',
  'MaskJob.masks',
]);

describeWithShared('the schema against its design', () => {
  it('keeps the promised names and types, and adds only what is listed', () => {
    const promised = membersOf(buildSchema(readFileSync(path.join(sharedDir, 'design/schema.graphql'), 'utf8')));
    const served = membersOf(buildSchema(readFileSync(path.join(packageRoot, 'schema.graphql'), 'utf8')));
    const strange = [...served].filter(
      ([name, type]) => promised.get(name) !== type && !additions.has(name.replace(/\(.*$/, '')),
    );
    expect(Object.fromEntries(strange)).toEqual({});
  });
});

/** `Type.member` → its type, and `Type.member(argument:)` → its type, of every named type of a schema. */
function membersOf(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isEnumType(type)) for (const { name } of type.getValues()) members.set(`${type.name}.${name}`, 'value');
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      const fields: Readonly<Record<string, GraphQLField<unknown, unknown> | GraphQLInputField>> = type.getFields();
      for (const [name, field] of Object.entries(fields)) {
        members.set(`${type.name}.${name}`, String(field.type));
        for (const argument of 'args' in field ? field.args : []) {
          members.set(`${type.name}.${name}(${argument.name}:)`, String(argument.type));
        }
      }
    }
  }
  return members;
}
