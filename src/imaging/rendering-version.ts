/** Grows when the same file gives other pixels than before: copies that were kept, here or by a browser, are made again. */
export const renderingVersion = 2;
