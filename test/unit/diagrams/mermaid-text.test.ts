import { describe, expect, it } from 'vitest';
import { label, MAX_NAME, NO_NAME, sequenceWriter, shownName } from '../../../src/diagrams/mermaid-text.ts';
import { sequenceModel } from './mermaid-model.ts';

const NASTY = [
  'end',
  'note over p0',
  'a;b',
  '#general',
  '#35;',
  'say "hi"',
  "it's",
  'a: b',
  'style of life :#general; x',
  'classDef x:#y; z',
  'wrap: text',
  ':nowrap: text',
  '%%{init: {"theme":"dark"}}%%',
  '<script>alert(1)</script>',
  '<br/>',
  '&amp; & &#35;',
  '$$x^2$$',
  '`code` **bold** _it_',
  '1. first',
  '- item',
  'fa:fa-user',
  '\uFB02\u00B0\u00B035\u00B6\u00DF',
  'Wei\u00DF \u00B6 \u00B0',
  '\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627',
  '\u{1F468}\u200D\u{1F469}\u200D\u{1F467} family',
  '\u202Eevil',
  'line\nbreak\r\nand\ttab',
  '\u0000\u0007',
  '\uD800 lone',
  '   ',
  '',
  'x'.repeat(500),
  'accTitle: x',
  'box end',
  'participant p1 as z',
  '->>p1: x',
  '\\n \\\\',
  '[x] {y} (z) |w|',
  'A & B --> C',
  '__proto__',
];

describe('labels in Mermaid text', () => {
  it.each(NASTY)('as participant, message and note, %j is shown as it is', async (name) => {
    const w = sequenceWriter();
    const p0 = w.participant(label(name));
    const p1 = w.participant('other');
    w.arrow(p0, p1, 'call', label(name));
    w.note(p0, p1, label(name));
    const model = await sequenceModel(w.text());
    expect(model.participants.map((p) => p.label)).toEqual([shownName(name), 'other']);
    expect(model.steps.map((s) => [s.kind, s.text])).toEqual([
      ['arrow', shownName(name)],
      ['note', shownName(name)],
    ]);
  });

  it('a long name keeps its beginning and its end', () => {
    const shown = shownName(`first ${'x'.repeat(500)} last`);
    expect([...shown]).toHaveLength(MAX_NAME);
    expect(shown).toMatch(/^first x+\u2026x+ last$/);
    expect(shownName(' ')).toBe(NO_NAME);
  });

  it('a mistake is caught: an unescaped semicolon or number sign changes what Mermaid holds', async () => {
    const naive = (text: string): string =>
      `sequenceDiagram\n    participant p0 as x\n    p0->>p0: ${text}\n`;
    expect((await sequenceModel(naive('to #general'))).steps[0]?.text).not.toBe('to #general');
    await expect(sequenceModel(naive('a;b'))).rejects.toThrow();
    expect((await sequenceModel(naive('a; p0->>p0: b'))).steps).toHaveLength(2);
    expect((await sequenceModel(naive(label('a; p0->>p0: b')))).steps.map((s) => s.text)).toEqual([
      'a; p0->>p0: b',
    ]);
  });

  it('activations are balanced whatever is asked', async () => {
    const w = sequenceWriter();
    const p0 = w.participant('a');
    w.deactivate(p0);
    w.activate(p0);
    w.activate(p0);
    w.deactivate(p0);
    w.arrow(p0, p0, 'lost', 'x');
    const kinds = (await sequenceModel(w.text())).steps.map((s) => s.kind);
    expect(kinds).toEqual(['activate', 'activate', 'deactivate', 'arrow', 'deactivate']);
  });
});
