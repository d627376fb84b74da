// A torch checkpoint of made-up weights by the rule in the README of ../shared/golden/biomedparse, written tensor by
// tensor: a zip of stored entries, with a pickle of protocol 2, as torch.save writes it.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const root = 'made-up/';

/**
 * @param file the checkpoint
 * @param shapes key → shape
 * @returns key → { first3, last, sha256_16 }, for comparison with `weight_checks`
 */
export async function writeMadeUpCheckpoint(file, shapes) {
  const zip = new StoredZip(await open(file, 'w'));
  const checks = {};
  let number = 0;
  await zip.add(`${root}data.pkl`, pickleOf(shapes));
  // torch itself opens no file without it.
  await zip.add(`${root}version`, Buffer.from('3\n'));
  for (const [key, shape] of shapes) {
    const values = madeUp(key, shape);
    const bytes = new Uint8Array(values.buffer);
    checks[key] = {
      shape,
      first3: [...values.slice(0, 3)],
      last: values.at(-1),
      sha256_16: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    };
    await zip.add(`${root}data/${number++}`, bytes);
  }
  await zip.finish();
  return checks;
}

/** Element i of a tensor is a hash of its key and i. */
function madeUp(key, shape) {
  const [offset, scale] = rangeOf(key, shape);
  const seed = createHash('sha256').update(key).digest().readUInt32LE(0);
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < values.length; i++) {
    let h = (seed + Math.imul(i, 0x9e3779b9)) >>> 0;
    h ^= h >>> 16;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
    values[i] = offset + scale * (((h >>> 0) / 2 ** 32) * 2 - 1);
  }
  return values;
}

const embeddings = ['level_embed', 'pn_indicator', 'spatial_embed', 'spatial_featured', 'token_embedding'];

function rangeOf(key, shape) {
  if (key.endsWith('logit_scale')) return [Math.log(1 / 0.07), 0];
  if (/\.gamma_[12]$/.test(key)) return [0.5, 0.1];
  if (key.endsWith('pixel_decoder.mask_features.bias')) return [0, 1.4];
  if (key.endsWith('bias')) return [0, 0.02];
  if (/(?:query_feat|query_embed)\.weight$/.test(key)) return [0, 2];
  if (embeddings.some((name) => key.endsWith(`${name}.weight`)) || key.endsWith('positional_embedding'))
    return [0, 0.5];
  if (key.endsWith('.weight') && shape.length === 1) return [1, 0.1];
  const isLeft = /(?:class_embed|lang_proj|mask_sptial_embed\.\d)$/.test(key);
  const fanIn = isLeft ? shape[0] : shape.slice(1).reduce((product, size) => product * size, 1);
  const factor = key.endsWith('in_proj_weight') ? 1.25 : /(?:out_proj|linear2)\.weight$/.test(key) ? 0.5 : 1;
  return [0, Math.sqrt(3 / fanIn) * factor];
}

/** An OrderedDict of `_rebuild_tensor_v2`, each over a storage of its own. */
function pickleOf(shapes) {
  const parts = [Buffer.from([0x80, 2]), dictionary, Buffer.from('(')];
  let number = 0;
  for (const [key, shape] of shapes) {
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
    const count = shape.reduce((product, size) => product * size, 1);
    const storage = [
      text('storage'),
      Buffer.from('ctorch\nFloatStorage\n'),
      text(String(number++)),
      text('cpu'),
      int(count),
    ];
    parts.push(text(key), Buffer.from('ctorch._utils\n_rebuild_tensor_v2\n'));
    parts.push(
      Buffer.from('('),
      tuple(storage),
      Buffer.from('Q'),
      int(0),
      tuple(shape.map(int)),
      tuple(strides.map(int)),
    );
    parts.push(Buffer.from([0x89]), dictionary, Buffer.from('tR'));
  }
  parts.push(Buffer.from('u.'));
  return Buffer.concat(parts);
}

const dictionary = Buffer.from('ccollections\nOrderedDict\n)R');
const tuple = (items) => Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]);

function text(value) {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('X'), length, bytes]);
}

function int(value) {
  const bytes = Buffer.alloc(5);
  bytes.write('J');
  bytes.writeInt32LE(value, 1);
  return bytes;
}

/** Entries one after the other, none compressed; below 4 GiB. */
class StoredZip {
  constructor(handle) {
    this.handle = handle;
    this.at = 0;
    this.directory = [];
  }

  async add(name, bytes) {
    const header = Buffer.alloc(26);
    header.writeUInt16LE(10, 0);
    header.writeUInt32LE(crc32(bytes), 10);
    header.writeUInt32LE(bytes.length, 14);
    header.writeUInt32LE(bytes.length, 18);
    header.writeUInt16LE(name.length, 22);
    const offset = Buffer.alloc(4);
    offset.writeUInt32LE(this.at);
    const central = Buffer.concat([
      Buffer.from('PK\x01\x02\x0a\x00', 'latin1'),
      header,
      Buffer.alloc(10),
      offset,
      Buffer.from(name),
    ]);
    this.directory.push(central);
    await this.write(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), header, Buffer.from(name)]));
    await this.write(bytes);
  }

  async finish() {
    const start = this.at;
    for (const central of this.directory) await this.write(central);
    const end = Buffer.alloc(18);
    end.writeUInt16LE(this.directory.length, 4);
    end.writeUInt16LE(this.directory.length, 6);
    end.writeUInt32LE(this.at - start, 8);
    end.writeUInt32LE(start, 12);
    await this.write(Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), end]));
    await this.handle.close();
  }

  async write(bytes) {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, this.at + done);
      done += bytesWritten;
    }
    this.at += bytes.length;
  }
}
