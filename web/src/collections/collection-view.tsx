import type { CollectionsViewProps } from './collections-view';
export function CollectionView(_: CollectionsViewProps & { readonly id: string }) {
  return null;
}
