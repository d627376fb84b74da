/** What the thread tells: how far it is, then the places, float32 [count, 2]. */
export type UmapMessage =
  { readonly kind: 'progress'; readonly share: number } | { readonly kind: 'places'; readonly places: Float32Array };
