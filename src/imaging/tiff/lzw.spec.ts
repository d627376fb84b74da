import { describe, expect, it } from '@jest/globals';
import { unpackLzw } from './lzw.js';

// 4,000 bytes, packed by libtiff's rule (imagecodecs): codes of 9 to 11 bits.
const packed = Buffer.from(
  'gAAAADA4OCofBQYAwXBIeCYLAgADgbDYeAMFDACB4dBwfCYIAAYCYPBwNB4SDAeA4RDwLDYMAAUBYDDwZC4WDAaD4FBwXAYQAAQAYXBwFD4aDAWC4ZDwDBYUAAMDYLDwRA4eDASB4NBwPCYYAAICYfBwdB4CDAOA4BD0UDgAAgLCYeBIXAwYBQfCtqAcCgcFg8JhcNh8RicVi4OjMbjsfkMjksnlMrlsvmMzms3nM7ns/oNDotHpNLptPqNTqtXrNbrtfsNjstntNrtobt9xud1u95vYHvsCgkGhEKhkOiESikWjEajkekEikkmlEqlkumEymk2nE6nk+oFColGpFKplOqFSqlWrFarlesFislmtFqtluuFyul2vF6vl+4LAuIwjjsO5TFOYxrnsg6TJuqyzsMy7bOO8z7wtE8jSvO1D1NW9rXPg2L5to+zcPy3b+N8/zAOGwbjMM5LEsW5rHOgyLpso6zLuyzTuM677QPE0bytM9DUvW1j3Ne+LZPo2rbvw3T9t636/uEwTisK5DEOWxjnMe6LJOoyrrsw7TNu6zzwNC8bSPM070tU9jWve2D5Nm+rbPu3L9N4/rgRVK0BRdLUDS5GcFTBG8HTJHcJTRH8LTZIcNThI8PTpJcRTxEkoT5FE/SrAMWyzAsYwRL0awZMUcwhM0ewpNUgwxN0iw5OUkxBO0mzzEsoz7KkARZLECRhA8uxpBcwxxB8yx5Cc0yBC82yJDc4yRD86yZEcnz3E8pv/FcrwHF8txlBMvxtBsxx1CMzx9Cs1yFDM3yNDs5yVEM7ydPUTSlFNQWDcVB1LY1D3RVVl0ZdtX2hSN5VpatLXvXNtX3XtPV/cFA1HYlC3NVFk0VddW2dR94VladKXrW9sUzfVeU7b0/1DYVx0JctT2RRN1VZZtHXfWNpUnelbWvTF813Tlu39YFw0FUli0Nc9U2VRd2VdZ9IXjWdqUre1cWzTVt35X1v0BUVh3JU1j0RdNV2ZRt3VhaNJXnWtrUvfFdU3bl+0/pmNbRm21YLqeQ55uGF6zk+hbtiOv5bpG+bJmWAadjmb7Xg2qZFnu44ZrWUaHu+JbBl2k77jGzZpgWoY9nO24Rq2SZ/ueHa5lWi7zimX6Vv2M7PmuB6jj+dbdhOr5LoG6YfruV6NvWxYtmN/6bje04JqWQZ3t+Faxk2g7riGvZZo+97Hi+y5ngOn47nG2YPquR59uWG63lOibxiew4rmGl9+6t9jmHCPaeM7J+bn3Fvhea7l/TpnJPoco9VwLwnXPvc24d7ryXav2dE458j0H+O9dS+pyz13huvfg5xxD3nlO2fu6Nx75Xov9d86p9bl3BvZeK7F+TnnFPgeY7h/LpXIvnem394DrH2uZcK9t47s36OgcY+J5zun9u8dQ+lyr1nBPYeI7B+LnXEvfeW7d/DpHIPmek/6G0JYuwngs4Z7jyHaP1dC418bz3duncm9RwDwXWvuc1HKJ8B4fxlhfB6PUV4+QQj9EmAMOYvwpgxHSKMCYgxnhjCCLEfYkQAhxF6FEF45xQgRECM0MIPx7gfEd/8N4TAIICA=',
  'base64',
);
const unpacked = Buffer.from(Array.from({ length: 4000 }, (_, i) => ((i * i * 7) >> 3) & 31));

/** Codes of 9 bits each. */
function codes(...values: readonly number[]): Uint8Array {
  const bits = values.map((value) => value.toString(2).padStart(9, '0')).join('');
  return Uint8Array.from((bits + '0'.repeat(7)).match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}

describe('unpackLzw', () => {
  it('unpacks what another writer packed', () => {
    expect(Buffer.from(unpackLzw(packed, 4000)).equals(unpacked)).toBe(true);
  });

  it('knows a code that is just being made', () => {
    expect([...unpackLzw(codes(256, 65, 258, 257), 10)]).toEqual([65, 65, 65]);
  });

  it.each([
    ['past the table', codes(256, 65, 300, 257)],
    ['of the table before there is one', codes(256, 258, 257)],
    ['of the table after it was cleared', codes(256, 65, 66, 256, 258, 257)],
  ])('refuses a code %s', (_name, damaged) => {
    expect(() => unpackLzw(damaged, 10)).toThrow(/not in its table/);
  });

  it('unpacks no more than it may, and what a cut strip has', () => {
    expect(() => unpackLzw(packed, 3999)).toThrow(/more than 3999 bytes/);
    expect(unpackLzw(packed.subarray(0, 200), 4000).length).toBeLessThan(4000);
  });
});
