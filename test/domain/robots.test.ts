import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import crawlers from 'crawler-user-agents';
import { describe, expect, test } from 'vitest';
import { namesRobot, robotReasonOf } from '../../domain/robots.ts';

/** User-Agents of a file, under their headings. */
function listed(file: string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const group of readFileSync(join(import.meta.dirname, '../fixtures/user-agents', file), 'utf8').split('\n\n')) {
    const [heading = '', ...lines] = group.trim().split('\n');
    groups.set(heading.replace('# ', ''), lines);
  }
  return groups;
}

const people = listed('people.txt');

/** What that list of crawlers counts among them: browsers of people, the pages that applications of people show, and pages in an editor. */
const peopleAmongCrawlers = /AP3A\.240617\.008|MetaIAB Facebook| Code\/1\.| Trae\/|\) AppleWebKit\/528\.16 .*Fluid\//;

describe('who is a robot by its name', () => {
  test('the table of people has more than 200 browsers, each once', () => {
    const all = [...people.values()].flat();
    expect(all.length).toBeGreaterThan(200);
    expect(new Set(all).size).toBe(all.length);
  });

  for (const [heading, browsers] of people)
    test(`none of these is a robot: ${heading}`, () => {
      expect(browsers.filter((browser) => namesRobot(browser))).toEqual([]);
    });

  for (const [heading, robots] of listed('robots.txt'))
    test(`all of these are robots: ${heading}`, () => {
      expect(robots.filter((robot) => !namesRobot(robot))).toEqual([]);
    });

  test('every crawler of a public list is a robot, but for the people in it', () => {
    const missed = crawlers.flatMap(({ instances }) => instances).filter((crawler) => !namesRobot(crawler));
    expect(missed.filter((crawler) => !peopleAmongCrawlers.test(crawler))).toEqual([]);
    expect(missed).toHaveLength(5);
  });

  test('a browser that only its client hints tell to be driven by a program is a robot', () => {
    const [chrome = ''] = people.get('Chrome, Safari, Firefox, Edge, Opera and others') ?? [];
    const hints = JSON.stringify({ '': '"Chromium";v="141", "HeadlessChrome";v="141", "Not?A_Brand";v="8"' });
    expect(namesRobot(chrome, hints)).toBe(true);
    expect(robotReasonOf(chrome, ['HeadlessChrome'])).toBe('headless');
    expect(namesRobot(chrome, '{"":"\\"Chromium\\";v=\\"141\\""}')).toBe(false);
  });
});
