import { type ExchangeReason, UnreadableFileError } from './exchange-problem.ts';
import type { XmlNode } from './xml-node.ts';

/** What is read at once: a document, or a container with the documents of one order. */
export interface ExchangeUnit {
  readonly root: XmlNode;
  /** `ДатаФормирования` of the file as written. */
  readonly generatedAt: string | undefined;
}

export interface UnitLimits {
  readonly depth: number;
  readonly elements: number;
  readonly characters: number;
}

export interface UnitBuilderHooks {
  unit(unit: ExchangeUnit): void;
  section(name: string): void;
  /** A document larger than the limits: it is skipped, the file goes on. */
  tooLarge(line: number): void;
}

const unitNames = new Set(['Документ', 'Контейнер']);

/** Builds one unit after another out of XML events; holds no more than the unit it is in. */
export class UnitBuilder {
  private readonly open: (XmlNode | undefined)[] = [];
  private readonly file: string;
  private readonly limits: UnitLimits;
  private readonly hooks: UnitBuilderHooks;
  private generatedAt: string | undefined;
  private elements = 0;
  private characters = 0;
  private isSkipping = false;

  constructor(file: string, limits: UnitLimits, hooks: UnitBuilderHooks) {
    this.file = file;
    this.limits = limits;
    this.hooks = hooks;
  }

  openTag(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    const depth = this.open.length;
    if (depth >= this.limits.depth)
      this.refuse('malformed_xml', line, `elements stand ${depth} deep, which no exchange file does`);
    if (depth === 0) this.openRoot(name, attributes, line);
    else if (depth === 1) this.openUnit(name, attributes, line);
    else this.openInside(name, attributes, line);
  }

  text(text: string): void {
    const node = this.open.at(-1);
    if (node === undefined || this.isSkipping) return;
    this.characters += text.length;
    node.text += text;
    this.checkSize(node.line);
  }

  closeTag(): void {
    const node = this.open.pop();
    if (node !== undefined) node.text = node.text.trim();
    if (this.open.length !== 1) return;
    if (node !== undefined && !this.isSkipping) this.hooks.unit({ root: node, generatedAt: this.generatedAt });
    this.isSkipping = false;
  }

  private openRoot(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    if (name !== 'КоммерческаяИнформация')
      this.refuse(
        'not_commerceml',
        line,
        `the file begins with <${name}>, an exchange file with <КоммерческаяИнформация>`,
      );
    if (/^1(\.|$)/.test(attributes.ВерсияСхемы ?? '')) this.refuseVersion1(line);
    this.generatedAt = attributes.ДатаФормирования;
    this.open.push(undefined);
  }

  private openUnit(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    this.refuseAttributesOfVersion1(name, attributes, line);
    this.elements = 0;
    this.characters = 0;
    const isUnit = unitNames.has(name);
    if (!isUnit) this.hooks.section(name);
    this.open.push(isUnit ? newNode(name, line) : undefined);
  }

  private openInside(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    const parent = this.open.at(-1);
    if (parent === undefined || this.isSkipping) {
      this.open.push(undefined);
      return;
    }
    this.refuseAttributesOfVersion1(name, attributes, line);
    this.elements += 1;
    const node = newNode(name, line);
    parent.children.push(node);
    this.open.push(node);
    this.checkSize(line);
  }

  private checkSize(line: number): void {
    if (this.elements <= this.limits.elements && this.characters <= this.limits.characters) return;
    this.isSkipping = true;
    for (const node of this.open) node?.children.splice(0);
    this.hooks.tooLarge(line);
  }

  private refuseAttributesOfVersion1(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    const isVersion1 =
      name === 'Документ' ? 'Номер' in attributes : name === 'Каталог' && 'Идентификатор' in attributes;
    if (isVersion1) this.refuseVersion1(line);
  }

  private refuseVersion1(line: number): never {
    this.refuse(
      'commerceml_1',
      line,
      'this is CommerceML 1 of 1C 7.7, which is not read; export orders in CommerceML 2.03 or newer (1C 8), or import deals as CSV',
    );
  }

  private refuse(reason: ExchangeReason, line: number, detail: string): never {
    throw new UnreadableFileError(reason, `${this.file}:${line}`, detail);
  }
}

const newNode = (name: string, line: number): XmlNode => ({ name, line, text: '', children: [] });
