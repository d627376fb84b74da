import { readFileSync } from 'node:fs';
import path from 'node:path';
import { newPlace, run, startServer, writeCorpus, type Server } from './figseek-process.js';
import { askServer, type Answer } from './mask-server.js';

/** A hit, as GraphQL gives it. */
export interface HitNode {
  readonly rank: number;
  readonly score: number;
  readonly evidence: readonly { readonly channel: string; readonly rank: number; readonly score: number }[];
  readonly duplicates: readonly { readonly sourceKey: string }[];
  readonly figure: {
    readonly id: string;
    readonly sourceKey: string;
    readonly labels: readonly string[];
    readonly license: string | null;
  };
}

export interface HitConnection {
  readonly nodes: readonly HitNode[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly facets: readonly {
    readonly field: string;
    readonly values: readonly { readonly value: string; readonly count: number; readonly hits: number }[];
  }[];
  readonly info: { readonly exact: boolean; readonly total: number; readonly totalIsExact: boolean };
}

export const searchDocument = `query ($query: SearchInput!, $filter: FigureFilter, $first: Int, $after: String) {
  searchFigures(query: $query, filter: $filter, first: $first, after: $after) {
    nodes { rank score evidence { channel rank score } duplicates { sourceKey } figure { id sourceKey labels license } }
    edges { cursor }
    pageInfo { hasNextPage endCursor }
    facets { field values { value count hits } }
    info { exact total totalIsExact }
  }
}`;

/** A server over drawn figures. */
export class SearchServer {
  private constructor(
    private readonly server: Server,
    /** The image file of each figure, by its source key. */
    readonly images: readonly { readonly id: string; readonly file: string }[],
  ) {}

  static async start(figures: number): Promise<SearchServer> {
    const place = newPlace();
    const corpus = await writeCorpus(figures);
    const { code, stderr } = await run(place, ['ingest', corpus]);
    if (code !== 0) throw new Error(stderr);
    const images = readFileSync(corpus, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; image: string })
      .map(({ id, image }) => ({ id, file: path.join(path.dirname(corpus), image) }));
    return new SearchServer(await startServer(place), images);
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  ask(text: string, variables: object): Promise<Answer<Record<string, unknown>>> {
    return askServer(this.server, text, variables);
  }

  async search(variables: object): Promise<HitConnection> {
    const { data, errors } = await this.ask(searchDocument, variables);
    if (errors !== undefined) throw new Error(errors[0]?.message);
    return data?.['searchFigures'] as HitConnection;
  }

  /** The message of a search that is refused. */
  async refusalOf(variables: object): Promise<string> {
    const { errors } = await this.ask(searchDocument, variables);
    const [error] = errors ?? [];
    if (error?.extensions.code !== 'BAD_USER_INPUT')
      throw new Error(`Expected BAD_USER_INPUT: ${JSON.stringify(errors)}`);
    return error.message;
  }

  /** The hits of all pages. @param between runs after each page but the last */
  async allPages(
    variables: object,
    first: number,
    between: (page: number) => Promise<void> = async () => {},
  ): Promise<readonly HitNode[]> {
    const nodes: HitNode[] = [];
    let after: string | null = null;
    for (let page = 0; ; page++) {
      const answer: HitConnection = await this.search({ ...variables, first, after });
      nodes.push(...answer.nodes);
      if (!answer.pageInfo.hasNextPage) return nodes;
      after = answer.pageInfo.endCursor;
      await between(page);
    }
  }

  /** The image of a figure, as a query takes it. */
  imageInBase64(number: number): string {
    return readFileSync(this.images[number]?.file ?? '').toString('base64');
  }
}
