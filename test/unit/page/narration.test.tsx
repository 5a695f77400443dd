import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import Narration from '../../../src/app/lesson/narration.tsx';

const drawn = (markdown: string, known: readonly string[] = []): string =>
  renderToStaticMarkup(<Narration markdown={markdown} known={new Set(known)} />);

const tagsOf = (html: string): string[] => [...html.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag!);

/** All that a narration may consist of; a button explains a term. */
const ALLOWED = [
  'p',
  'strong',
  'em',
  'code',
  'pre',
  'a',
  'ul',
  'ol',
  'li',
  'br',
  'hr',
  'blockquote',
  'button',
];

describe('narration', () => {
  it('reads paragraphs, lists, emphasis, code and links', () => {
    const html = drawn(
      '# Head\n\nOne **bold** and *soft* `code`\nsame paragraph.\n\n- a\n- b\n\n1. one\n\n```\n<b>\n```\n\n[x](https://e.org)',
    );
    expect(html.replaceAll('\n', '')).toBe(
      '<p><strong>Head</strong></p><p>One <strong>bold</strong> and <em>soft</em> <code>code</code>same paragraph.</p>' +
        '<ul><li>a</li><li>b</li></ul><ol><li>one</li></ol><pre><code>&lt;b&gt;</code></pre>' +
        '<p><a href="https://e.org" target="_blank" rel="noopener noreferrer">x</a></p>',
    );
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '![beacon](https://evil.example/pixel.png)',
    '![beacon][1]\n\n[1]: https://evil.example/pixel.png',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](//evil.example)',
    '[x](vbscript:x)',
    '<javascript:alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '<iframe src="https://evil.example"></iframe>',
    '<style>@import "https://evil.example"</style>',
    '<svg/onload=alert(1)>',
    '<dfn title="x">pub/sub</dfn>',
    '**<b onclick=alert(1)>**',
  ])('leaves %s as text, or drops its danger', (text) => {
    const html = drawn(text);
    expect(tagsOf(html).filter((tag) => !ALLOWED.includes(tag))).toEqual([]);
    for (const [, href] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https?:\/\//);
    expect(html).not.toMatch(/<[^>]*\s(src|srcset|style|on[a-z]+)=/);
  });

  it('explains a term where it is first seen, and not again', () => {
    const html = drawn('The **gateway** asks the gateway. `gateway` [gateway](https://e.org)');
    expect(tagsOf(html).filter((tag) => tag === 'button')).toHaveLength(1);
    expect(tagsOf(drawn('The gateway.', ['gateway']))).not.toContain('button');
  });

  it('does not take long over text made to take long, and says that it has cut it', () => {
    for (const text of [
      '**a'.repeat(30_000),
      '[a]('.repeat(30_000),
      '![['.repeat(30_000),
      '_a '.repeat(30_000),
      '`'.repeat(60_001),
      '> '.repeat(30_000),
      '- '.repeat(30_000),
      '<'.repeat(30_000),
    ]) {
      expect(drawn(text)).toContain('The rest of this text is left out.');
    }
  });

  it('of any text is drawn without throwing, with nothing but what is allowed', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '[',
      ']',
      '(',
      ')',
      '!',
      '*',
      '_',
      '`',
      '\n',
      '# ',
      '- ',
      'a',
      'javascript:',
      '"',
      '&',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const html = drawn(pieces.join(''));
        expect(tagsOf(html).filter((tag) => !ALLOWED.includes(tag))).toEqual([]);
        expect(html).not.toContain('href="javascript');
      }),
    );
  });
});
