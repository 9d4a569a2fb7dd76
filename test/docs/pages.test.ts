import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { documents, isThere, linksOf, namedFilesOf, textOf } from './documents.ts';

/** Anchors of the headings of a page, as GitHub makes them. */
const anchorsOf = (path: string): string[] =>
  [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the documentation', () => {
  test('links to pages and headings that are there', () => {
    const links = documents.flatMap(linksOf).filter(({ target }) => target !== undefined);
    expect(links.length).toBeGreaterThan(10);
    const broken = links.filter(
      ({ target = '', anchor }) => !isThere(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });

  test('leads to each of its pages from the README of the same language', () => {
    const pages = documents.filter((path) => /^docs\/[^/]+\.md$/.test(path));
    const missing = pages.filter((page) => {
      const readme = page.endsWith('.ru.md') ? 'README.ru.md' : 'README.md';
      return !linksOf(readme).some(({ target }) => target === page);
    });
    expect(pages.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  test('names files and folders that are there', () => {
    const named = documents.flatMap((page) => namedFilesOf(page).map((path) => ({ page, path })));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ path }) => !isThere(path))).toEqual([]);
  });

  test('gives every decision its number, its title and its three parts', () => {
    const decisions = documents.filter((path) => path.startsWith('docs/decisions/'));
    expect(decisions.length).toBeGreaterThan(20);
    for (const [index, path] of decisions.entries()) {
      expect(path).toMatch(new RegExp(`^docs/decisions/${String(index + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`));
      expect(textOf(path)).toMatch(
        new RegExp(
          `^# ${index + 1}\\. .*\\*\\*Context\\.\\*\\*.*\\*\\*Decision\\.\\*\\*.*\\*\\*Consequences\\.\\*\\*`,
          's',
        ),
      );
    }
  });

  test('tells of every package that the product needs', () => {
    const manifest = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(textOf('package.json')));
    const told = textOf('docs/decisions/0001-dependencies.md');
    const cells = [...told.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, names = '']) => names.split(', '));
    const missing = Object.keys(manifest.dependencies).filter(
      (name) => !cells.some((cell) => cell.split(' ')[0] === name),
    );
    expect(missing).toEqual([]);
  });
});
