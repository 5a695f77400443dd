/**
 * A small, safe Markdown: paragraphs, lists, emphasis, strong, code and links to the web. It is read into plain data and drawn as React
 * elements; HTML in it is text like any other, and there are no images, so nothing that a stranger writes can run or call home.
 */

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly kind: 'paragraph' | 'heading'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] };

const MOST_CHARACTERS = 20_000;
const DEEPEST = 6;
const ITEM = /^\s{0,3}(?:[-*+]|(\d{1,3})[.)])\s+(.*)$/;

/** Reads Markdown. Text past 20,000 characters is cut, and the cut is marked. */
export function readMarkdown(source: string): readonly Block[] {
  const text = source.slice(0, MOST_CHARACTERS);
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  let items: { ordered: boolean; texts: string[] } | null = null;
  let fence: string[] | null = null;

  const flush = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', children: readInline(paragraph.join(' ')) });
    if (items !== null) {
      blocks.push({
        kind: 'list',
        ordered: items.ordered,
        items: items.texts.map((item) => readInline(item)),
      });
    }
    paragraph = [];
    items = null;
  };

  for (const line of text.split(/\r?\n/)) {
    if (fence !== null) {
      if (/^\s*```/.test(line)) {
        blocks.push({ kind: 'code', text: fence.join('\n') });
        fence = null;
      } else fence.push(line);
      continue;
    }
    if (/^\s*```/.test(line)) {
      flush();
      fence = [];
      continue;
    }
    if (line.trim() === '') {
      flush();
      continue;
    }
    const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*$/.exec(line);
    if (heading !== null) {
      flush();
      blocks.push({ kind: 'heading', children: readInline(heading[1]!) });
      continue;
    }
    const item = ITEM.exec(line);
    if (item !== null) {
      const ordered = item[1] !== undefined;
      if (items === null || items.ordered !== ordered) {
        flush();
        items = { ordered, texts: [] };
      }
      items.texts.push(item[2]!);
      continue;
    }
    if (items !== null && /^\s/.test(line)) items.texts.push(`${items.texts.pop() ?? ''} ${line.trim()}`);
    else {
      if (items !== null) flush();
      paragraph.push(line.trim());
    }
  }
  if (fence !== null) blocks.push({ kind: 'code', text: fence.join('\n') });
  flush();
  if (text.length < source.length) {
    blocks.push({
      kind: 'paragraph',
      children: [{ kind: 'text', text: 'The rest of this text is left out.' }],
    });
  }
  return blocks;
}

const INLINE =
  /`([^`]+)`|\*\*(?=\S)([\s\S]*?\S)\*\*|__(?=\S)([\s\S]*?\S)__|\*(?=\S)([^*]*?\S)\*|(?<!\w)_(?=\S)([^_]*?\S)_(?!\w)|\[([^\]]*)\]\(([^\s)]*)\)/;

export function readInline(text: string, depth = 0): readonly Inline[] {
  const parts: Inline[] = [];
  let rest = text;
  while (rest !== '') {
    const match = depth >= DEEPEST ? null : INLINE.exec(rest);
    if (match === null) {
      parts.push({ kind: 'text', text: rest });
      break;
    }
    if (match.index > 0) parts.push({ kind: 'text', text: rest.slice(0, match.index) });
    const [whole, code, strong, strong2, emphasis, emphasis2, label, href] = match;
    const bold = strong ?? strong2;
    const italic = emphasis ?? emphasis2;
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (bold !== undefined) parts.push({ kind: 'strong', children: readInline(bold, depth + 1) });
    else if (italic !== undefined) parts.push({ kind: 'emphasis', children: readInline(italic, depth + 1) });
    else if (label !== undefined && href !== undefined && isWebAddress(href)) {
      parts.push({ kind: 'link', href, children: readInline(label, depth + 1) });
    } else parts.push({ kind: 'text', text: whole });
    rest = rest.slice(match.index + whole.length);
  }
  return parts;
}

function isWebAddress(href: string): boolean {
  try {
    const { protocol } = new URL(href);
    return protocol === 'https:' || protocol === 'http:';
  } catch {
    return false;
  }
}
