/** Points of a map that belong to no cluster have this one. */
export const noCluster = 0xffff;

/** Most clusters of a map. */
export const maxClusters = 60;

/** A dense part of a map, with the words that tell it from the rest. */
export interface AtlasCluster {
  /** Words of its captions, the most telling first; none where no word tells it from the rest. */
  readonly words: readonly string[];
  /** Its middle, 0..1. */
  readonly x: number;
  readonly y: number;
  /** Points in it when the map was made. */
  readonly count: number;
}

/** Places in the plane, 0..1, and the cluster of each; `noCluster` for none. All arrays have one length. */
export interface AtlasPoints {
  /** Number of panel 0 of the figure of each point (`panel.seq`), which is never given twice. */
  readonly panels: Uint32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly cluster: Uint16Array;
}

/** A map of the corpus by the image vectors of one model version. */
export interface Atlas extends AtlasPoints {
  /** “a” and the time of its making; a later map has a greater one. */
  readonly id: string;
  /** The model version. */
  readonly space: string;
  /** The generation of the index whose neighbors it was made from; null where everything was in memory. */
  readonly generation: string | null;
  readonly madeAt: Date;
  /** How many of the points were laid out together; the others were placed later by their neighbors. */
  readonly laidOut: number;
  /** Number of the last vector that was looked at: figures with a later one have no place yet. */
  readonly lastVector: number;
  readonly clusters: readonly AtlasCluster[];
}

/** What is known of the making of a map. */
export type AtlasState = 'ABSENT' | 'RUNNING' | 'READY' | 'FAILED';

/** The id of a map that is made now. */
export function atlasIdAt(time: Date): string {
  return `a${time.toISOString().replace(/\D/g, '')}`;
}

/** The map with further points. */
export function withPoints(atlas: Atlas, added: AtlasPoints, lastVector: number): Atlas {
  const size = atlas.panels.length;
  const panels = new Uint32Array(size + added.panels.length);
  const x = new Float32Array(panels.length);
  const y = new Float32Array(panels.length);
  const cluster = new Uint16Array(panels.length);
  for (const [from, part] of [[0, atlas] as const, [size, added] as const]) {
    panels.set(part.panels, from);
    x.set(part.x, from);
    y.set(part.y, from);
    cluster.set(part.cluster, from);
  }
  return { ...atlas, lastVector, panels, x, y, cluster };
}
