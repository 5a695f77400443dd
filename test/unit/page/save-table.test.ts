import { expect, test } from 'vitest';
import { csvOf } from '../../../src/views/save/table.ts';

test('a table is written as RFC 4180 has it: a header row, CRLF, quotes where they are needed', () => {
  const columns = ['name', 'time_us', 'is_up'];
  const rows = [
    ['a, "b"', 12, true],
    ['two\nlines', null, false],
  ];
  expect(csvOf({ columns, rows })).toBe(
    'name,time_us,is_up\r\n"a, ""b""",12,true\r\n"two\nlines",,false\r\n',
  );
});

test('a name that a spreadsheet would run as a formula is a text, and a negative number stays a number', () => {
  expect(csvOf({ columns: ['name', 'x'], rows: [['=HYPERLINK("http://a")', -1]] })).toBe(
    'name,x\r\n"\'=HYPERLINK(""http://a"")",-1\r\n',
  );
});
