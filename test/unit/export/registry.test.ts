import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS, EXPORTS, exportTrace, isExportFormat } from '../../../src/export/registry.ts';
import { groupMessage } from '../diagrams/trace-fixture.ts';

const input = { ...groupMessage(20, 4), quiescent: true, endUs: 20_000_000 };

describe('registry of formats', () => {
  it('has those of the command line', () => {
    expect(EXPORT_FORMATS).toEqual(['jsonl', 'shiviz', 'perfetto', 'history', 'csv', 'otlp', 'jepsen']);
    expect(isExportFormat('perfetto')).toBe(true);
    expect(isExportFormat('__proto__')).toBe(false);
  });

  it.each(EXPORT_FORMATS)(
    '%s says what it is in one sentence, and writes the same file for the same run',
    (name) => {
      expect(EXPORTS[name].description).toMatch(/^[A-Z].+\.$/);
      const text = [...exportTrace(name, input)].join('');
      expect(text.endsWith('\n')).toBe(true);
      expect(text).toContain('alice/1');
      expect([...exportTrace(name, input)].join('')).toBe(text);
    },
  );

  it.each(EXPORT_FORMATS)('%s writes an empty trace too', (name) => {
    const text = [...exportTrace(name, { ...input, rows: [] })].join('');
    if (name === 'perfetto') expect(JSON.parse(text)).toEqual({ displayTimeUnit: 'ms', traceEvents: [] });
    if (name === 'history') expect(text).toBe('{"type":"end","quiescent":true,"time":20000}\n');
    if (name === 'jsonl') expect(text).toBe('');
  });
});
