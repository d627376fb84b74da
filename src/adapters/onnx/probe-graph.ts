/** x · m · m · … , eight products of square matrices, as an ONNX model; written by tools/build/probe-graph.mjs. */
export const probeGraph: Uint8Array = Buffer.from(
  [
    'CAgSB2ZpZ3NlZWs6wgIKHAoBeAoBbRICeDEaCHByb2R1Y3QwIgZNYXRNdWwKHQoCeDEKAW0SAngyGghwcm9kdWN0MSIGTWF0TXVs',
    'Ch0KAngyCgFtEgJ4MxoIcHJvZHVjdDIiBk1hdE11bAodCgJ4MwoBbRICeDQaCHByb2R1Y3QzIgZNYXRNdWwKHQoCeDQKAW0SAng1',
    'Gghwcm9kdWN0NCIGTWF0TXVsCh0KAng1CgFtEgJ4NhoIcHJvZHVjdDUiBk1hdE11bAodCgJ4NgoBbRICeDcaCHByb2R1Y3Q2IgZN',
    'YXRNdWwKHAoCeDcKAW0SAXkaCHByb2R1Y3Q3IgZNYXRNdWwSBXByb2JlWhUKAXgSEAoOCAESCgoDEgFuCgMSAW5aFQoBbRIQCg4I',
    'ARIKCgMSAW4KAxIBbmIVCgF5EhAKDggBEgoKAxIBbgoDEgFuQgIQEQ==',
  ].join(''),
  'base64',
);
