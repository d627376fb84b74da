/** The parts that are used of the decoders of cornerstone, which come without types. */
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const load: import('./wasm-decoder.js').LoadWasm<'JpegLSDecoder'>;
  export default load;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: import('./wasm-decoder.js').LoadWasm<'J2KDecoder'>;
  export default load;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const load: import('./wasm-decoder.js').LoadWasm<'HTJ2KDecoder'>;
  export default load;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const load: import('./wasm-decoder.js').LoadWasm<'JPEGDecoder'>;
  export default load;
}
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    readonly frame: { readonly precision: number };
    /** @returns the pixels, in 8 or 16 bits, the samples of a pixel side by side */
    decompress(buffer: ArrayBufferLike, offset: number, length: number): ArrayBuffer;
  }
}
