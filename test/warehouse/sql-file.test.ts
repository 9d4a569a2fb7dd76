import { describe, expect, test } from 'vitest';
import { jsonLine } from '../../warehouse/json-line.ts';
import { loadSql } from '../../warehouse/sql-file.ts';

describe('files and lines', () => {
  test('an SQL file beside the module is read', () => {
    expect(loadSql(import.meta.url, './fixtures/greeting.sql')).toBe("SELECT {a:String} AS a -- 'é'\n");
  });

  test('an SQL file that is not there is an error that names it', () => {
    expect(() => loadSql(import.meta.url, './fixtures/missing.sql')).toThrow('missing.sql');
  });

  test('a row becomes one line, whatever its texts hold', () => {
    expect(jsonLine({ a: 'x\ny\u2028', n: 12345678901234567890n })).toBe(
      '{"a":"x\\ny\u2028","n":"12345678901234567890"}\n',
    );
    expect(jsonLine({ '\ud800': ['\udc00', { deep: '\ud83d' }], emoji: '😀', none: null })).toBe(
      '{"\ufffd":["\ufffd",{"deep":"\ufffd"}],"emoji":"😀","none":null}\n',
    );
    expect(jsonLine({ literal: '\\ud800' })).toBe('{"literal":"\\\\ud800"}\n');
  });
});
