import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { Request, Response } from 'express';
import { coerceInputValue, isInputType } from 'graphql';
import { CorpusAtlas } from '../../atlas/corpus-atlas.js';
import { FigseekError } from '../../domain/errors.js';
import type { FigureFilter } from '../../domain/figure-filter.js';
import { resolveViewer } from '../viewer.js';
import { encodeColumns } from './atlas-bytes.js';

const maxFilterLength = 8000;
const parameters = ['collectionId', 'filter'];

/** All points of the map in a binary form (docs/atlas.md). Addresses come from `Atlas.pointsUrl`. */
@Controller('atlas')
export class AtlasController {
  constructor(
    private readonly atlas: CorpusAtlas,
    private readonly schemaHost: GraphQLSchemaHost,
  ) {}

  @Get('points')
  async points(
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const viewer = resolveViewer(request);
    expectKnown(Object.keys(query));
    const collectionId = textOf(query, 'collectionId');
    const asked = { collectionId, filter: this.filterOf(textOf(query, 'filter')), figureIds: null };
    response.set({ ETag: `"${await this.atlas.tag(viewer, asked)}"`, 'Cache-Control': 'no-cache' });
    // The client has these points already.
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    const { generation } = await this.atlas.status(viewer);
    const columns = await this.atlas.points(viewer, asked);
    response.set('Content-Type', 'application/octet-stream').end(encodeColumns(generation ?? '', columns));
  }

  /** Checked by the schema's own `FigureFilter`, so that both ways take the same filters. */
  private filterOf(text: string | null): FigureFilter | null {
    if (text === null) return null;
    const type = this.schemaHost.schema.getType('FigureFilter');
    if (!isInputType(type)) throw new Error('The schema has no input FigureFilter');
    return coerceInputValue(parseJson(text), type, (path, _value, error) => {
      const at = ['filter', ...path].join('.');
      throw new FigseekError('BAD_USER_INPUT', `Expected filter to be a FigureFilter as JSON; ${at}: ${error.message}`);
    }) as FigureFilter;
  }
}

/** A parameter that is misspelled would else give all points. @throws {FigseekError} BAD_USER_INPUT */
function expectKnown(names: readonly string[]): void {
  const other = names.find((name) => !parameters.includes(name));
  if (other === undefined) return;
  const received = other.slice(0, 60);
  throw new FigseekError(
    'BAD_USER_INPUT',
    `Expected the parameters ${parameters.join(' and ')} but received ${received}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FigseekError('BAD_USER_INPUT', 'Expected filter to be a FigureFilter as JSON but received another text');
  }
}

/** @throws {FigseekError} BAD_USER_INPUT for a parameter that is given twice, or is too long */
function textOf(query: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = query[name];
  if (value === undefined) return null;
  if (typeof value === 'string' && value.length <= maxFilterLength) return value;
  throw new FigseekError('BAD_USER_INPUT', `Expected ${name} once, with at most ${maxFilterLength} characters`);
}
