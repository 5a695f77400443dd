/**
 * Where in a scenario the cursor stands, while the text is being typed and is no valid YAML yet: the path of keys above it. It reads
 * lines, indentation and brackets, which are there before the rest is.
 */
export interface YamlPlace {
  /** Keys from the top; every place in a list is 0. */
  readonly path: readonly (string | 0)[];
  /** What is written here: a key of the map at the path, its value, or either (a line that has no colon yet). */
  readonly at: 'key' | 'value' | 'either';
  /** Where the word begins that the cursor is in. */
  readonly from: number;
}

interface Open {
  readonly indent: number;
  readonly step: string | 0;
}

const KEY =
  /^(?:"([^"]*)"|'([^']*)'|([^\s"'#{}[\],&*!|>%@`-][^#{}[\],]*?|-[^\s#{}[\],][^#{}[\],]*?))\s*:(?=\s|$)/;

/** The place at an offset of the text; null in a comment or a block of text. */
export function yamlPlaceAt(text: string, offset: number): YamlPlace | null {
  const open: Open[] = [];
  /** Lines deeper than this belong to a block of text. */
  let textIndent: number | null = null;
  let start = 0;
  while (start <= offset) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const isHere = offset <= end;
    const line = text.slice(start, end);
    const indent = line.length - line.trimStart().length;
    const isBlank = line.trim() === '';
    if (textIndent !== null && (isBlank ? !isHere || offset - start > textIndent : indent > textIndent)) {
      if (isHere) return null;
      start = end + 1;
      continue;
    }
    textIndent = null;
    if (line.trimStart().startsWith('#')) {
      if (isHere && offset - start > indent) return null;
      if (!isHere) {
        start = end + 1;
        continue;
      }
    }
    if (isBlank || (isHere && offset - start < indent)) {
      if (isHere) return { path: pathAbove(open, offset - start), at: 'key', from: offset };
      start = end + 1;
      continue;
    }
    const read = readLine(text, start, end, indent, offset, open);
    if (read.place !== undefined) return read.place;
    textIndent = read.textIndent;
    start = read.next;
  }
  return null;
}

const pathAbove = (open: readonly Open[], indent: number): (string | 0)[] =>
  open.filter((one) => one.indent < indent).map(({ step }) => step);

interface LineRead {
  readonly place?: YamlPlace | null;
  readonly textIndent: number | null;
  readonly next: number;
}

function readLine(
  text: string,
  start: number,
  end: number,
  indent: number,
  offset: number,
  open: Open[],
): LineRead {
  let column = indent;
  for (let rest = text.slice(start + column, end); /^-(\s|$)/.test(rest); ) {
    // The items of a list may stand in the column of its key.
    while (open.length > 0 && (open.at(-1)!.indent > column || isItemAt(open.at(-1)!, column))) open.pop();
    open.push({ indent: column, step: 0 });
    const gap = /^-\s*/.exec(rest)![0].length;
    if (offset <= start + column + gap && offset <= end && offset > start + column) {
      return {
        place: { path: open.map(({ step }) => step), at: 'either', from: offset },
        textIndent: null,
        next: 0,
      };
    }
    column += gap;
    rest = text.slice(start + column, end);
  }
  while (open.length > 0 && open.at(-1)!.indent >= column) open.pop();
  const rest = text.slice(start + column, end);
  const key = KEY.exec(rest);
  const path = open.map(({ step }) => step);
  const from = start + column;
  if (key === null) return readValue(text, from, end, offset, path, column, 'either');
  if (offset <= from + key[0].length - 1)
    return { place: { path, at: 'key', from: Math.min(from, offset) }, textIndent: null, next: 0 };
  const step = key[1] ?? key[2] ?? key[3]!;
  open.push({ indent: column, step });
  const gap = /^\s*/.exec(rest.slice(key[0].length))![0].length;
  const valueFrom = from + key[0].length + gap;
  if (offset <= valueFrom && offset <= end) {
    return { place: { path: [...path, step], at: 'value', from: offset }, textIndent: null, next: 0 };
  }
  return readValue(text, valueFrom, end, offset, [...path, step], column, 'value');
}

const isItemAt = (one: Open, column: number): boolean => one.indent === column && one.step === 0;

function readValue(
  text: string,
  from: number,
  end: number,
  offset: number,
  path: readonly (string | 0)[],
  column: number,
  at: 'value' | 'either',
): LineRead {
  const rest = text.slice(from, end);
  if (/^[{[]/.test(rest)) {
    const flow = readFlow(text, from, offset, path);
    if (flow.place !== undefined) return { ...flow, textIndent: null };
    const next = text.indexOf('\n', flow.next);
    const past = next < 0 ? text.length : next;
    if (offset <= past) return { place: null, textIndent: null, next: 0 };
    return { textIndent: null, next: past + 1 };
  }
  if (offset <= end) {
    if (/(^|\s)#/.test(text.slice(from, offset))) return { place: null, textIndent: null, next: 0 };
    return { place: { path, at, from: Math.min(from, offset) }, textIndent: null, next: 0 };
  }
  return { textIndent: /^[|>][+-]?\d?[+-]?\s*(#.*)?$/.test(rest) ? column : null, next: end + 1 };
}

interface Bracket {
  readonly isMap: boolean;
  key: string | null;
  /** Where the present key or value begins. */
  from: number;
}

/** Brackets from their first to their last, or to the cursor. */
function readFlow(
  text: string,
  from: number,
  offset: number,
  path: readonly (string | 0)[],
): { readonly place?: YamlPlace | null; readonly next: number } {
  const brackets: Bracket[] = [];
  for (let i = from; ; i++) {
    if (i === offset && brackets.length > 0)
      return { place: placeInBrackets(text, offset, path, brackets), next: 0 };
    if (i >= text.length) return { next: text.length };
    const char = text[i]!;
    const top = brackets.at(-1);
    if (char === '{' || char === '[') brackets.push({ isMap: char === '{', key: null, from: i + 1 });
    else if (char === '}' || char === ']') {
      brackets.pop();
      if (brackets.length === 0) return { next: i + 1 };
    } else if (top === undefined) return { next: i };
    else if (char === ',') {
      top.key = null;
      top.from = i + 1;
    } else if (char === ':' && top.isMap && top.key === null && /[\s,}[{]|$/.test(text[i + 1] ?? ' ')) {
      top.key = text
        .slice(top.from, i)
        .trim()
        .replace(/^(["'])(.*)\1$/, '$2');
      top.from = i + 1;
    } else if ((char === '"' || char === "'") && text.slice(top.from, i).trim() === '') {
      const close = text.indexOf(char, i + 1);
      if (close < 0 || close >= offset) {
        if (offset > i) return { place: placeInBrackets(text, offset, path, brackets), next: 0 };
        return { next: text.length };
      }
      i = close;
    }
  }
}

function placeInBrackets(
  text: string,
  offset: number,
  path: readonly (string | 0)[],
  brackets: readonly Bracket[],
): YamlPlace {
  const steps: (string | 0)[] = [...path];
  for (const [i, { isMap, key }] of brackets.entries()) {
    if (!isMap) steps.push(0);
    else if (key !== null) steps.push(key);
    else if (i < brackets.length - 1) steps.push('');
  }
  const { isMap, key, from } = brackets.at(-1)!;
  const gap = /^\s*/.exec(text.slice(from, offset))![0].length;
  return { path: steps, at: isMap && key === null ? 'key' : isMap ? 'value' : 'either', from: from + gap };
}
