import { damaged, reasonOf } from './dicom-faults.js';

/** A decoder of cornerstone's codecs; its buffers lie in the memory of WebAssembly until `delete`. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): DecodedInfo;
  /** JPEG-LS alone: how the components lie. */
  getInterleaveMode?(): { readonly value: number } | number;
  delete(): void;
}

interface DecodedInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

type Decoders<Name extends string> = Readonly<Record<Name, new () => WasmDecoder>>;

/** Loads an instance of a codec; what it prints is dropped. */
export type LoadWasm<Name extends string> = (options: {
  readonly print: () => void;
  readonly printErr: () => void;
}) => Promise<Decoders<Name>>;

export interface Decoded {
  readonly info: DecodedInfo;
  /** Little-endian; of JPEG-LS one plane after the other where `isPlanar`. */
  readonly bytes: Uint8Array;
  readonly isPlanar: boolean;
}

/**
 * One codec in WebAssembly: a hostile stream cannot leave its memory. An instance at which a stream failed is not used again.
 */
export class WasmCodec<Name extends string> {
  private loaded: Promise<Decoders<Name>> | null = null;

  constructor(
    private readonly load: LoadWasm<Name>,
    private readonly name: Name,
  ) {}

  /** @throws {FigseekError} BAD_USER_INPUT for a stream that is damaged */
  async decode(stream: Uint8Array): Promise<Decoded> {
    this.loaded ??= this.load({ print: () => undefined, printErr: () => undefined });
    const decoders = await this.loaded;
    try {
      return decodeBy(new decoders[this.name](), stream);
    } catch (error) {
      this.loaded = null;
      // C++ exceptions come as numbers or objects that only the instance could explain.
      const reason = error instanceof Error ? `: ${reasonOf(error)}` : '';
      throw damaged(`its compressed pixels cannot be decoded${reason}`);
    }
  }
}

function decodeBy(decoder: WasmDecoder, stream: Uint8Array): Decoded {
  decoder.getEncodedBuffer(stream.length).set(stream);
  decoder.decode();
  const info = { ...decoder.getFrameInfo() };
  // Copied before the memory is freed: its first bytes would be overwritten.
  const bytes = Uint8Array.from(decoder.getDecodedBuffer());
  const mode = decoder.getInterleaveMode?.();
  const isPlanar =
    mode !== undefined && (typeof mode === 'number' ? mode : mode.value) === 0 && info.componentCount > 1;
  decoder.delete();
  return { info, bytes, isPlanar };
}
