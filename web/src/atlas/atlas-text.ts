import type { ColorBy } from './colors';

/** The words of the atlas. They are loaded with it. */
export const atlasText = {
  title: 'Atlas',
  loading: 'Loading the map…',
  figures: (shown: number, total: number) =>
    shown < total ? `${number(shown)} of ${number(total)} figures` : count(total, 'figure'),
  hits: (shown: number, total: number) => `${number(shown)} of ${count(total, 'figure')} found`,
  searching: 'Searching…',
  showResults: 'Show as a list of results',
  showAll: 'Show the whole map',
  notRead: (status: number) => `The map could not be read: the server answered with HTTP ${status}.`,
  noMap: 'The server sent something other than a map.',
  noShader: 'The browser gives no shader to draw the map with.',
  noCanvas: 'The browser gives no canvas to draw the map with.',
  notDrawn: (reason: string) => `The map cannot be drawn: ${reason}`,
  noReason: 'the browser names no reason',
  noCollection: 'There is no such collection: it was deleted, or the address is wrong.',
  collections: 'All collections',
  empty: 'No figure on the map fits these filters.',
  absent: 'There is no map of this corpus yet.',
  absentHint:
    'A map puts figures whose images are alike beside each other. It is made once, in the background, from the vectors of the active model; figures that come later find their places by themselves.',
  make: 'Make the map',
  remake: 'Make the map anew',
  madeAt: (when: string) => `Made ${when}`,
  running: 'The map is being made',
  runningHint: 'You can go on working. About half a minute for 20,000 figures.',
  runningAnew: 'A new map is being made; this is the one before.',
  percent: (share: number) => `${Math.floor(share * 100)} %`,
  cancel: 'Stop',
  failed: 'The map could not be made:',
  tryAgain: 'Try again',
  noWebGl: 'This browser cannot draw the map (WebGL 2 is missing), so its clusters are listed.',
  showAs: 'Show as',
  views: { map: 'Map', list: 'List' },
  colorBy: 'Color by',
  colorNames: {
    modality: 'Modality',
    label: 'Label',
    year: 'Year',
    collection: 'Collection',
  } satisfies Record<ColorBy, string>,
  other: 'other',
  none: { modality: 'no modality', label: 'no label', year: 'no year', collection: 'in no collection' },
  legendHint: 'Show only these in full color',
  map: 'Map of the corpus. Arrows move it, + and − zoom, 0 shows all of it, and “List” shows the same as text.',
  zoomIn: 'Zoom in (+)',
  zoomOut: 'Zoom out (−)',
  all: 'All',
  zoomAll: 'All of the map (0)',
  lasso: 'Select by drawing',
  lassoHint: 'Draw around figures to select them (or hold Shift and drag)',
  open: 'Open',
  selection: 'Selected figures',
  selected: (many: number) => `${count(many, 'figure')} selected`,
  clear: 'Clear',
  moreOf: (many: number) => `Show ${number(many)} more`,
  cluster: (words: readonly string[], position: number) =>
    words.length > 0 ? words.join(' · ') : `Cluster ${position + 1}`,
  noCluster: 'Between the clusters',
  loadingFigures: 'Loading figures…',
  untitled: 'Figure without a caption',
} as const;

function count(many: number, one: string): string {
  return `${number(many)} ${many === 1 ? one : `${one}s`}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
