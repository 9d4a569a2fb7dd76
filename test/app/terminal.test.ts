import { Writable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { formatNumber } from '../../app/terminal/format-number.ts';
import { createProgress } from '../../app/terminal/progress.ts';
import { textTable } from '../../app/terminal/table.ts';
import { hand, tell } from '../../app/terminal/tell.ts';
import { visible, visibleInLine } from '../../app/terminal/visible.ts';

describe('a table', () => {
  test('is as wide as its widest cells, with numbers to the right and no blanks at the ends of lines', () => {
    const text = textTable(
      [
        { title: 'канал', align: 'left' },
        { title: 'n', align: 'right' },
        { title: 'note', align: 'left' },
      ],
      [
        ['Paid Search', '1 200', ''],
        ['🙂', '7', 'x'],
      ],
    );
    expect(text.split('\n')).toEqual([
      'канал            n  note',
      '────────────────────────',
      'Paid Search  1 200',
      '🙂                7  x',
    ]);
  });

  test('has its titles even without rows', () => {
    expect(textTable([{ title: 'id', align: 'left' }], [])).toBe('id\n──');
  });
});

describe('what came from outside', () => {
  const hostile = 'a\u001b]0;owned\u0007\u0000\u009b2J\u007f\u202eb\r\nc\td\re';

  test('is printed with marks in the place of what a terminal would obey', () => {
    expect(visible(hostile)).toBe('a␛]0;owned␇␀\ufffd2J␡\ufffdb\r\nc\td␍e');
    expect(visibleInLine(hostile)).toBe('a␛]0;owned␇␀\ufffd2J␡\ufffdb␍␊c␉d␍e');
    expect(visible('Весна 🙂 «скидки»\n')).toBe('Весна 🙂 «скидки»\n');
  });

  test('stands in a table and in progress in one line', () => {
    const column = { title: 'campaign', align: 'left' } as const;
    expect(textTable([column], [[hostile]]).split('\n')).toEqual([
      'campaign',
      '─'.repeat(25),
      'a␛]0;owned␇␀\ufffd2J␡\ufffdb␍␊c␉d␍e',
    ]);
  });

  test('is handed to a program as it is, and shown to a person with marks', () => {
    const written: unknown[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(chunk) > 0);
    const { isTTY } = process.stdout;
    try {
      for (const isTerminal of [false, true]) {
        process.stdout.isTTY = isTerminal;
        hand(hostile);
      }
      tell(hostile);
    } finally {
      process.stdout.isTTY = isTTY;
      write.mockRestore();
    }
    expect(written).toEqual([hostile, visible(hostile), visible(hostile)]);
  });
});

describe('a number', () => {
  test.each([
    [1234567, 'count', '1 234 567'],
    [0.5, 'count', '0.50'],
    [1234.5, 'money', '1 234.50'],
    [-1234567.891, 'money', '-1 234 567.89'],
    [0, 'money', '0.00'],
    [0.12345, 'ratio', '12.35 %'],
    [12.5, 'ratio', '1 250.00 %'],
    [3, undefined, '3.00'],
  ] as const)('%d as %s is %s', (value, unit, text) => {
    expect(formatNumber(value, unit)).toBe(text);
  });
});

describe('progress', () => {
  function record(isTTY: boolean) {
    let text = '';
    const out: Writable & { isTTY?: boolean } = new Writable({
      write: (chunk, _encoding, done) => {
        text += String(chunk);
        done();
      },
    });
    out.isTTY = isTTY;
    return { out, text: () => text };
  }

  test('renews its line on a terminal', () => {
    const { out, text } = record(true);
    const progress = createProgress(out);
    progress.step('deals', 6, 12);
    progress.step('deals', 3);
    progress.done('deals', '12 read');
    expect(text().split('\r\x1b[2K')).toEqual([
      '',
      '[████████████░░░░░░░░░░░░] deals 6/12',
      '[░░░░░░░░░░░░░░░░░░░░░░░░] deals 3',
      '✓ deals: 12 read\n',
    ]);
  });

  test('writes a plain line every five seconds elsewhere', () => {
    const { out, text } = record(false);
    let nowMs = 0;
    const progress = createProgress(out, () => nowMs);
    for (const atMs of [0, 4_999, 5_000, 9_000, 10_000]) {
      nowMs = atMs;
      progress.step('deals', atMs, 20_000);
    }
    progress.done('deals', 'all read');
    expect(text()).toBe('deals 5000/20000\ndeals 10000/20000\n✓ deals: all read\n');
  });

  test('says in words what it waits for, on a terminal alone', () => {
    for (const isTTY of [true, false]) {
      const { out, text } = record(isTTY);
      const progress = createProgress(out);
      progress.wait('b24', 'portal.example did not answer; try 2 of 8 in 1 s');
      progress.done('b24', 'nothing came', false);
      expect(text().split('\r\x1b[2K')).toEqual(
        isTTY
          ? ['', '… b24: portal.example did not answer; try 2 of 8 in 1 s', '✗ b24: nothing came\n']
          : ['✗ b24: nothing came\n'],
      );
    }
  });

  test('a bar never overflows when more comes than was announced', () => {
    const { out, text } = record(true);
    createProgress(out).step('deals', 30, 20);
    expect(text()).toBe(`\r\x1b[2K[${'█'.repeat(24)}] deals 30/20`);
  });
});
