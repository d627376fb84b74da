import protobuf from 'protobufjs';

/** The part of ONNX's schema that a graph of ours needs; field numbers from onnx/onnx.proto (Apache-2.0). */
const source = `
syntax = "proto3";
package onnx;
message StringStringEntryProto { string key = 1; string value = 2; }
message AttributeProto {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5; GraphProto g = 6;
  repeated float floats = 7; repeated int64 ints = 8; repeated TensorProto tensors = 10; repeated GraphProto graphs = 11;
  int32 type = 20;
}
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5;
}
message TensorProto {
  repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9;
  repeated StringStringEntryProto external_data = 13; int32 data_location = 14;
}
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; }
message TensorTypeProto { int32 elem_type = 1; TensorShapeProto shape = 2; }
message TypeProto { TensorTypeProto tensor_type = 1; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message ModelProto {
  int64 ir_version = 1; string producer_name = 2; GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8;
}
`;

const modelType = protobuf.parse(source, { keepCase: true }).root.lookupType('onnx.ModelProto');

/** A `ModelProto` as a plain object → its bytes. @throws {Error} when the object does not fit the schema */
export function encodeModel(model: Readonly<Record<string, unknown>>): Uint8Array {
  const fault = modelType.verify(model);
  if (fault !== null) throw new Error(`The ONNX model does not fit its schema: ${fault}`);
  return modelType.encode(modelType.fromObject(model)).finish();
}

/** `TensorProto.DataType` */
export const elementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
export type ElementType = keyof typeof elementTypes;

/** The bytes of a `ModelProto` → a plain object, names as in the schema. @throws {Error} when they are none */
export function decodeModel(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  return modelType.toObject(modelType.decode(bytes), { arrays: true, objects: true, longs: Number });
}
