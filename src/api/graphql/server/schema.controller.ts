import { Controller, Get, Header } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { printSchema } from 'graphql';

@Controller()
export class SchemaController {
  constructor(private readonly host: GraphQLSchemaHost) {}

  /** The schema in its own language, for clients that generate code. */
  @Get('schema.graphql')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  text(): string {
    return printSchema(this.host.schema);
  }
}
