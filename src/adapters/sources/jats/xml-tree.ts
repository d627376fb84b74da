import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { decodeHTML } from 'entities';
import { FigseekError, messageOf } from '../../../domain/errors.js';

/** An element of an XML document. Names are local: `xlink:href` is `href`, `mml:math` is `math`. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  /** Null for the root. */
  readonly parent: XmlElement | null;
  /** Its number in the order of the document. */
  readonly place: number;
  /** The number of the last element within it; its own where there is none. */
  readonly lastPlace: number;
  /** The elements of the document by their names, each list in the order of the document. */
  readonly byName: ReadonlyMap<string, readonly XmlElement[]>;
}

export type XmlNode = XmlElement | string;

interface OpenElement extends XmlElement {
  readonly children: XmlNode[];
  lastPlace: number;
}

export interface XmlLimits {
  /** Elements within elements. */
  readonly depth: number;
  readonly elements: number;
  readonly attributes: number;
}

/** Articles have some ten thousand elements, thirty deep. */
export const articleLimits: XmlLimits = { depth: 256, elements: 2_000_000, attributes: 256 };

/**
 * Builds the tree of an XML document that comes in pieces. The parser is strict: a document that is not well-formed is
 * refused. Entities of a document type are not expanded (they stay as they are written, like `&name;`), and nothing is
 * loaded from elsewhere; the named characters of HTML, which the document types of JATS define too, are read.
 */
export class XmlTreeBuilder {
  private readonly parser = new SaxesParser();
  private readonly open: OpenElement[] = [];
  private readonly byName = new Map<string, XmlElement[]>();
  private root: XmlElement | null = null;
  private elements = 0;
  /** Depth inside of an element that is left out; 0 outside. */
  private skipped = 0;

  /**
   * @param leftOut names of elements whose content nobody asks for
   * @param limits a document beyond them is refused
   */
  constructor(
    private readonly leftOut: ReadonlySet<string> = new Set(),
    private readonly limits = articleLimits,
  ) {
    this.parser.ENTITIES = namedCharacters(this.parser.ENTITIES);
    this.parser.on('error', (error) => {
      if (!/undefined entity/.test(error.message)) throw error;
    });
    this.parser.on('opentag', (tag) => {
      this.begin(tag);
    });
    this.parser.on('closetag', () => {
      this.end();
    });
    this.parser.on('text', (text) => {
      this.add(text);
    });
    this.parser.on('cdata', (text) => {
      this.add(text);
    });
  }

  /** @throws {FigseekError} BAD_USER_INPUT where the text is not well-formed XML, or exceeds the limits */
  write(text: string): void {
    try {
      this.parser.write(text);
    } catch (error) {
      throw refused(error);
    }
  }

  /** Ends the document. @throws {FigseekError} BAD_USER_INPUT where it has no end */
  close(): XmlElement {
    try {
      this.parser.close();
    } catch (error) {
      throw refused(error);
    }
    if (this.root === null) throw new FigseekError('BAD_USER_INPUT', 'Expected an XML document but received none');
    return this.root;
  }

  private begin({ name, attributes }: SaxesTagPlain): void {
    const { limits } = this;
    this.elements++;
    if (this.elements > limits.elements) throw tooMuch(`more than ${limits.elements} elements`);
    if (this.open.length + this.skipped >= limits.depth)
      throw tooMuch(`elements nested more than ${limits.depth} deep`);
    if (this.skipped > 0) {
      this.skipped++;
      return;
    }
    const parent = this.open.at(-1) ?? null;
    const element: OpenElement = {
      name: localName(name),
      attributes: this.readAttributes(attributes),
      children: [],
      parent,
      place: this.elements,
      lastPlace: this.elements,
      byName: this.byName,
    };
    const sameName = this.byName.get(element.name);
    if (sameName === undefined) this.byName.set(element.name, [element]);
    else sameName.push(element);
    parent?.children.push(element);
    this.root ??= element;
    this.open.push(element);
    if (this.leftOut.has(element.name)) this.skipped = 1;
  }

  private end(): void {
    if (this.skipped > 1) {
      this.skipped--;
      return;
    }
    this.skipped = 0;
    const ended = this.open.pop();
    if (ended !== undefined) ended.lastPlace = this.elements;
  }

  private add(text: string): void {
    if (this.skipped === 0) this.open.at(-1)?.children.push(text);
  }

  private readAttributes(given: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
    const read = new Map<string, string>();
    let count = 0;
    for (const [name, value] of Object.entries(given)) {
      if (++count > this.limits.attributes)
        throw tooMuch(`more than ${this.limits.attributes} attributes of an element`);
      const local = localName(name);
      // An attribute without prefix has precedence: `id` over `xml:id`.
      if (local === name || !read.has(local)) read.set(local, value);
    }
    return read;
  }
}

/** @throws {FigseekError} BAD_USER_INPUT */
export function parseXml(text: string, leftOut?: ReadonlySet<string>): XmlElement {
  const builder = new XmlTreeBuilder(leftOut);
  builder.write(text);
  return builder.close();
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function tooMuch(what: string): FigseekError {
  return new FigseekError('PAYLOAD_TOO_LARGE', `The XML has ${what}, which is more than an article has`);
}

function refused(error: unknown): FigseekError {
  if (error instanceof FigseekError) return error;
  return new FigseekError('BAD_USER_INPUT', `Expected well-formed XML: ${messageOf(error)}`, { cause: error });
}

/** The five entities of XML, and those of HTML as they are asked for. */
function namedCharacters(ofXml: Readonly<Record<string, string>>): Record<string, string> {
  return new Proxy<Record<string, string>>(
    { ...ofXml },
    {
      get(known, name): string | undefined {
        if (typeof name !== 'string') return undefined;
        if (Object.hasOwn(known, name)) return known[name];
        const written = `&${name};`;
        const read = decodeHTML(written);
        return read === written || read.endsWith(';') ? undefined : read;
      },
    },
  );
}
