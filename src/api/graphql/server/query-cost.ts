import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { FigseekError } from '../../../domain/errors.js';
import { extraCost, maxFirstOf, maxListLength } from './field-costs.js';

/** Selections gone through, those of a fragment at every spread. */
const maxVisits = 20_000;
/** Introspection reads what lies in memory, most of its lists are empty, and graphql-js bounds how deep it goes. */
const introspectionShare = 20;

export interface AskedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

export interface CostLimits {
  readonly maxQueryCost: number;
  /** Most hits of a page. */
  readonly maxFirst: number;
}

/** @throws {FigseekError} QUERY_TOO_COMPLEX saying what the operation may cost and what is allowed; as `computeCost` */
export function checkCost(asked: AskedOperation, { maxQueryCost, maxFirst }: CostLimits): void {
  const cost = computeCost(asked, maxFirst);
  if (cost <= maxQueryCost) return;
  throw new FigseekError(
    'QUERY_TOO_COMPLEX',
    `Expected a query that costs at most ${maxQueryCost} (FIGSEEK_MAX_QUERY_COST) but this one may cost ${cost}; ask for fewer items (first, ids) or fewer fields, or in several requests`,
  );
}

/**
 * The cost of a valid operation, known before it runs: the most values that its answer can hold, and for each field that
 * starts work of its own what `extraCost` says of it.
 * @throws {GraphQLError} where a variable or an argument does not fit its type
 */
export function computeCost({ schema, document, operation, variables }: AskedOperation, maxFirst: number): number {
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, {
    maxErrors: 1,
  });
  if (errors?.[0] !== undefined) throw errors[0];
  const root = schema.getRootType(operation.operation);
  return root ? new CostWalk(schema, document, coerced ?? {}, maxFirst).ofSet(operation.selectionSet, root, null) : 0;
}

class CostWalk {
  private visits = 0;
  private readonly fragments = new Map<string, FragmentDefinitionNode>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Record<string, unknown>,
    private readonly maxFirst: number,
  ) {
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(node.name.value, node);
    }
  }

  /** @param first `first` of the connection that the set belongs to */
  ofSet({ selections }: SelectionSetNode, type: GraphQLObjectType, first: number | null): number {
    return selections.reduce((sum, node) => sum + this.ofSelection(node, type, first), 0);
  }

  private ofSelection(node: SelectionNode, type: GraphQLObjectType, first: number | null): number {
    this.visits += 1;
    if (this.visits > maxVisits) {
      throw new FigseekError(
        'QUERY_TOO_COMPLEX',
        `Expected at most ${maxVisits} selections in a query, those of fragments counted at each spread; ask in several requests`,
      );
    }
    if (this.isLeftOut(node)) return 0;
    if (node.kind === Kind.FIELD) return this.ofField(node, type, first);
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(node.name.value) : node;
    if (fragment === undefined || !this.applies(fragment.typeCondition?.name.value, type)) return 0;
    return this.ofSet(fragment.selectionSet, type, first);
  }

  private isLeftOut(node: SelectionNode): boolean {
    return (
      getDirectiveValues(GraphQLSkipDirective, node, this.variables)?.['if'] === true ||
      getDirectiveValues(GraphQLIncludeDirective, node, this.variables)?.['if'] === false
    );
  }

  private applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const wanted = this.schema.getType(condition);
    return isAbstractType(wanted) && this.schema.isSubType(wanted, type);
  }

  private ofField(node: FieldNode, type: GraphQLObjectType, first: number | null): number {
    const field = definitionOf(node.name.value, type);
    if (field === undefined) return 0;
    const args = getArgumentValues(field, node, this.variables);
    const ownFirst = this.firstOf(type, field, args);
    const inner = this.ofInner(node, field, ownFirst);
    if (field === SchemaMetaFieldDef || field === TypeMetaFieldDef) return 1 + Math.ceil(inner / introspectionShare);
    const own = 1 + extraCost(type.name, field.name, args);
    if (!isListType(getNullableType(field.type))) return own + inner;
    return own + maxListLength(type.name, field.name, args, { own: ownFirst, inherited: first }) * (1 + inner);
  }

  /** Of one item; of an abstract type, by the costliest of the types that it may have. */
  private ofInner(node: FieldNode, field: GraphQLField<unknown, unknown>, first: number | null): number {
    if (node.selectionSet === undefined) return 0;
    const { selectionSet } = node;
    const type = getNamedType(field.type);
    if (isObjectType(type)) return this.ofSet(selectionSet, type, first);
    const possible = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [];
    return Math.max(0, ...possible.map((one) => this.ofSet(selectionSet, one, first)));
  }

  private firstOf(
    type: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
    args: Record<string, unknown>,
  ): number | null {
    const argument = field.args.find(({ name }) => name === 'first');
    const given = args['first'] ?? argument?.defaultValue;
    if (typeof given !== 'number') return null;
    // Of a connection a page is never longer than the server gives.
    return Math.max(
      0,
      isListType(getNullableType(field.type))
        ? given
        : Math.min(given, maxFirstOf(type.name, field.name) ?? this.maxFirst),
    );
  }
}

function definitionOf(name: string, type: GraphQLObjectType): GraphQLField<unknown, unknown> | undefined {
  const meta = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].find((field) => field.name === name);
  return meta ?? type.getFields()[name];
}
