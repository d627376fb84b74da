import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../../domain/errors.js';
import { issuesInWords } from '../../domain/issues.js';
import { decodeModel, elementTypes } from './onnx-schema.js';

/** An input or output of a graph. */
export interface GraphValue {
  readonly name: string;
  /** `float32`, …, or a number of ONNX's where we have no name for it. */
  readonly type: string;
  /** A number, or null where any size goes. */
  readonly shape: readonly (number | null)[];
}

/** What a graph that others made says of itself. */
export interface GraphFacts {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Where its weights lie outside of it: names of files, as they are written. */
  readonly externalFiles: readonly string[];
}

const tensor = z.object({ external_data: z.array(z.object({ key: z.string(), value: z.string() })) });
type Tensor = z.infer<typeof tensor>;

interface Graph {
  readonly initializer: readonly Tensor[];
  readonly node: readonly { readonly attribute: readonly Attribute[] }[];
}
interface Attribute {
  readonly t?: Tensor | undefined;
  readonly g?: Graph | undefined;
  readonly tensors: readonly Tensor[];
  readonly graphs: readonly Graph[];
}

// Bodies of loops and branches are graphs as well, and may name files too.
const graph: z.ZodType<Graph> = z.lazy(() => z.object({ initializer: z.array(tensor), node: z.array(node) }));
const attribute: z.ZodType<Attribute> = z.lazy(() =>
  z.object({ t: tensor.optional(), g: graph.optional(), tensors: z.array(tensor), graphs: z.array(graph) }),
);
const node = z.object({ attribute: z.array(attribute) });

const value = z.object({
  name: z.string(),
  type: z.object({
    tensor_type: z.object({
      elem_type: z.number(),
      shape: z.object({ dim: z.array(z.object({ dim_value: z.number().optional() })) }).optional(),
    }),
  }),
});

const modelSchema = z.object({
  graph: z.intersection(graph, z.object({ input: z.array(value), output: z.array(value) })),
});

/** Reads a graph's interface, without running it. @throws {Error} when the file is no ONNX model */
export async function readGraphFacts(file: string): Promise<GraphFacts> {
  const bytes = await readFile(file);
  let model: z.infer<typeof modelSchema>;
  try {
    model = modelSchema.parse(decodeModel(bytes));
  } catch (error) {
    const reason = error instanceof z.ZodError ? issuesInWords(error.issues.slice(0, 1)) : messageOf(error);
    throw new Error(`it is no ONNX model: ${reason.split('\n', 1)[0] ?? ''}`, { cause: error });
  }
  const { input, output } = model.graph;
  const files = new Set(tensorsOf(model.graph).flatMap(locationsOf));
  return { inputs: input.map(valueOf), outputs: output.map(valueOf), externalFiles: [...files] };
}

function valueOf({ name, type }: z.infer<typeof value>): GraphValue {
  const { elem_type: element, shape } = type.tensor_type;
  const known = Object.entries(elementTypes).find(([, number]) => number === element);
  const sizes = shape?.dim.map(({ dim_value: size }) => size ?? null) ?? [];
  return { name, type: known?.[0] ?? `type ${element}`, shape: sizes };
}

function tensorsOf({ initializer, node: nodes }: Graph): readonly Tensor[] {
  const attributes = nodes.flatMap((one) => one.attribute);
  const inside = attributes.flatMap(({ g, graphs }) => [...(g ? [g] : []), ...graphs]).flatMap(tensorsOf);
  return [...initializer, ...attributes.flatMap(({ t, tensors }) => [...(t ? [t] : []), ...tensors]), ...inside];
}

function locationsOf({ external_data: entries }: Tensor): readonly string[] {
  return entries.flatMap(({ key, value: location }) => (key === 'location' ? [location] : []));
}
