import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Every page of documentation, by its path from the root. */
export const documents: readonly string[] = [
  'README.md',
  'README.ru.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'tracker-snippet/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`)
    .sort(),
];

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
export const isThere = (path: string): boolean => existsSync(join(root, path));

/** Fenced blocks of a language, without the indent of the list they stand in. */
export function blocksOf(path: string, language: string): string[] {
  const fences = textOf(path).matchAll(/^( *)```(\w+)\n(.*?)^ *```$/gms);
  return [...fences].flatMap(([, indent = '', named, body = '']) =>
    named === language ? [body.replaceAll(new RegExp(`^${indent}`, 'gm'), '')] : [],
  );
}

/** Single commands of the shell blocks, `&&` taken apart. */
export const commandsOf = (path: string): string[] =>
  blocksOf(path, 'sh')
    .flatMap((block) => block.split(/\n|&&/))
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Commands of the product that a page tells to run, in its blocks and between its lines, as arguments. */
export function productCallsOf(path: string): string[][] {
  const inline = [...textOf(path).matchAll(/`((?:npm run -s throughline --|node dist\/app\/throughline\.js) [^`]+)`/g)];
  return [...commandsOf(path), ...inline.map(([, command = '']) => command)].flatMap((command) => {
    const args = /^(?:npm run -s throughline --|node dist\/app\/throughline\.js) (.+)$/.exec(command)?.[1];
    return args === undefined ? [] : [args.replace(/ > \S+$/, '').split(/\s+/)];
  });
}

export interface Link {
  readonly from: string;
  /** Path from the root; undefined for an address outside. */
  readonly target: string | undefined;
  readonly anchor: string | undefined;
}

export function linksOf(path: string): Link[] {
  return [...textOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, href = '']) => {
    if (/^https?:/.test(href)) return { from: path, target: undefined, anchor: undefined };
    const [file = '', anchor] = href.split('#');
    return { from: path, target: file === '' ? path : normalize(join(dirname(path), file)), anchor };
  });
}

const folders = 'app|bench|collector|dashboard|docs|domain|etl|reports|test|tracker-snippet|warehouse';
const namesAFile = new RegExp(`^(?:${folders})/[\\w./-]*$`);

/** Files and folders of the repository that a page names between backticks. */
export const namedFilesOf = (path: string): string[] =>
  [...textOf(path).matchAll(/`([^`\s]+)`/g)].flatMap(([, text = '']) => (namesAFile.test(text) ? [text] : []));
