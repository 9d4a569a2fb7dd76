import { SaxesParser } from 'saxes';
import { type ExchangeProblem, UnreadableFileError } from './exchange-problem.ts';
import { type ExchangeUnit, UnitBuilder, type UnitLimits } from './unit-builder.ts';
import { createXmlDecoder, UnsupportedEncodingError } from './xml-text.ts';

export type ExchangePart =
  | { readonly kind: 'unit'; readonly unit: ExchangeUnit }
  /** A child of the root that is no document: a catalogue, a price list. Its content is passed over. */
  | { readonly kind: 'section'; readonly name: string }
  | {
      readonly kind: 'problem';
      readonly problem: ExchangeProblem /** The rest of the file is not read. */;
      readonly endsFile: boolean;
    };

const defaultLimits: UnitLimits = { depth: 64, elements: 300_000, characters: 32 * 1024 * 1024 };
/** A tag, a comment or a run of text longer than this is held in memory by the parser alone, so it is bounded here. */
const maxTokenCharacters = 8 * 1024 * 1024;
const maxBrokenToldOf = 20;

/**
 * Reads a CommerceML file piece by piece and gives each order document or container as soon as it is complete; memory
 * does not grow with the file. External entities do not exist here and a DOCTYPE is refused, so no entity can grow.
 * A problem of the file itself is the last thing given.
 */
export async function* readUnits(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  limits: UnitLimits = defaultLimits,
): AsyncGenerator<ExchangePart> {
  const reader = new UnitReader(file, limits);
  try {
    for await (const chunk of bytes) {
      reader.write(chunk);
      yield* reader.takeReady();
    }
    reader.end();
  } catch (error) {
    yield* reader.takeReady();
    yield { kind: 'problem', problem: asProblem(error, file), endsFile: true };
  }
  yield* reader.takeReady();
}

function asProblem(error: unknown, file: string): ExchangeProblem {
  if (error instanceof UnreadableFileError) return error.problem;
  if (error instanceof UnsupportedEncodingError)
    return { reason: 'unsupported_encoding', place: file, detail: error.message };
  throw error;
}

class UnitReader {
  private readonly parser = new SaxesParser();
  private readonly decoder;
  private readonly builder: UnitBuilder;
  private ready: ExchangePart[] = [];
  private broken = 0;
  private tokenCharacters = 0;
  private readonly file: string;

  constructor(file: string, limits: UnitLimits) {
    this.file = file;
    this.decoder = createXmlDecoder((offset) => this.tellBroken(offset));
    this.builder = new UnitBuilder(file, limits, {
      unit: (unit) => this.ready.push({ kind: 'unit', unit }),
      section: (name) => this.ready.push({ kind: 'section', name }),
      tooLarge: (line) =>
        this.tell('too_large', `${file}:${line}`, 'the document is larger than any order and was skipped'),
    });
    this.listen();
  }

  write(bytes: Uint8Array): void {
    this.feed(this.decoder.write(bytes));
  }

  end(): void {
    this.feed(this.decoder.end());
    this.parser.close();
    if (this.broken > maxBrokenToldOf)
      this.tell('broken_bytes', this.file, `${this.broken} bytes of the file are not text in its encoding`);
  }

  *takeReady(): Generator<ExchangePart> {
    const ready = this.ready;
    this.ready = [];
    yield* ready;
  }

  private feed(text: string): void {
    this.tokenCharacters += text.length;
    this.parser.write(text);
    if (this.tokenCharacters > maxTokenCharacters)
      throw this.unreadable('too_large', `one text or tag is longer than ${maxTokenCharacters} characters`);
  }

  private listen(): void {
    const { parser, builder } = this;
    parser.on('error', (error) => {
      throw this.unreadable('malformed_xml', `the XML is broken: ${withoutPosition(error.message)}`);
    });
    parser.on('doctype', () => {
      throw this.unreadable(
        'malformed_xml',
        'the file has a DOCTYPE; exchange files have none, and it is refused for safety',
      );
    });
    parser.on('opentag', (tag) => {
      this.tokenCharacters = 0;
      builder.openTag(localName(tag.name), withLocalNames(tag.attributes), parser.line);
    });
    parser.on('closetag', () => {
      this.tokenCharacters = 0;
      builder.closeTag();
    });
    parser.on('text', (text) => builder.text(text));
    parser.on('cdata', (text) => builder.text(text));
  }

  private unreadable(reason: 'malformed_xml' | 'too_large', detail: string): UnreadableFileError {
    return new UnreadableFileError(reason, `${this.file}:${this.parser.line}`, detail);
  }

  private tellBroken(offset: number): void {
    this.broken += 1;
    if (this.broken <= maxBrokenToldOf)
      this.tell(
        'broken_bytes',
        `${this.file}, byte ${offset}`,
        'this byte is not text in the encoding of the file; it was replaced by �',
      );
  }

  private tell(reason: 'broken_bytes' | 'too_large', place: string, detail: string): void {
    this.ready.push({ kind: 'problem', problem: { reason, place, detail }, endsFile: false });
  }
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const withLocalNames = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [localName(name), value]));

const withoutPosition = (message: string): string => message.replace(/^\d+:\d+:\s*/, '').replace(/\.$/, '');
