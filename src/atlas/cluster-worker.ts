/** Finds the clusters of a map in a thread of its own: with 200,000 points it takes a second. */
import { findMapClusters, type MapClusters } from '../domain/map-clusters.js';
import { toUnitSquare, type Places } from '../domain/map-scale.js';
import { runTaskLoop } from '../platform/task-messages.js';

/** Places in 0..1, with their clusters. */
export interface ClusteredPlaces {
  readonly places: Places;
  readonly clusters: MapClusters;
}

runTaskLoop<Float32Array, ClusteredPlaces>((flat) => {
  const places = toUnitSquare(flat);
  return { result: { places, clusters: findMapClusters(places) }, transfer: [] };
});
