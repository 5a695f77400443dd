import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/**
 * Changes of a scenario's text that leave everything else as it stands, comments and blank lines too: the YAML library says where
 * things are, and only the characters there are replaced.
 */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Where a node of the text begins and where its own characters end. */
const rangeOf = (node: Node): readonly [number, number] => [node.range?.[0] ?? 0, node.range?.[1] ?? 0];

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

const readRoot = (text: string): unknown => parseDocument(text, { keepSourceTokens: false }).contents;

/** The value at a path as it is written (`130k`, `{ median: 2ms, p99: 15ms }`); null when it is not. */
export function writtenAt(text: string, path: readonly string[]): string | null {
  let here = readRoot(text);
  for (const key of path) {
    if (!isMap(here)) return null;
    here = (here.items.find((pair) => keyOf(pair) === key) as Pair | undefined)?.value;
  }
  if (!isScalar(here) && !isMap(here) && !isSeq(here)) return null;
  const [from, to] = rangeOf(here);
  return text.slice(from, to);
}

/** The edit that gives the setting at a path this value. Null when the text is no map, so that there is no place for it. */
export function settingEdit(text: string, path: readonly string[], value: string): TextEdit | null {
  const root = readRoot(text);
  if (!isMap(root)) return null;
  let map: YAMLMap = root;
  for (const [depth, key] of path.entries()) {
    const pair = map.items.find((one) => keyOf(one) === key) as Pair | undefined;
    const rest = path.slice(depth + 1);
    if (pair === undefined) return insertPair(text, map, key, nested(rest, value));
    const inner = pair.value;
    if (isMap(inner) && rest.length > 0 && inner.items.length > 0) {
      map = inner;
      continue;
    }
    return replaceValue(pair, nested(rest, value));
  }
  return null;
}

/** `{ a: { b: value } }`. */
const nested = (path: readonly string[], value: string): string =>
  path.reduceRight((inner, key) => `{ ${key}: ${inner} }`, value);

function replaceValue(pair: Pair, value: string): TextEdit {
  const inner = pair.value;
  if (isScalar(inner) || isMap(inner) || isSeq(inner)) {
    const [from, to] = rangeOf(inner);
    if (to > from) return { from, to, insert: value };
  }
  // A key without a value: behind its colon.
  const end = isScalar(pair.key) ? rangeOf(pair.key)[1] : 0;
  return { from: end + 1, to: end + 1, insert: ` ${value}` };
}

function insertPair(text: string, map: YAMLMap, key: string, value: string): TextEdit {
  const [start, end] = rangeOf(map);
  if (map.flow === true) {
    const at = text.lastIndexOf('}', end);
    const inside = text.slice(start + 1, at).trimEnd();
    const from = start + 1 + inside.length;
    const isFirst = inside.trim() === '';
    return { from, to: at, insert: `${isFirst || inside.endsWith(',') ? ' ' : ', '}${key}: ${value} ` };
  }
  const first = map.items[0]?.key;
  const column = isScalar(first) ? columnOf(text, rangeOf(first)[0]) : 0;
  return lineAfter(text, endOfBlock(text, map), column, `${key}: ${value}`);
}

/** Where the last line of a block ends, without the comments and blank lines that follow it. */
function endOfBlock(text: string, block: YAMLMap | YAMLSeq): number {
  const last = block.items.at(-1);
  let node = last as unknown;
  while (true) {
    if (isPairLike(node)) node = node.value ?? node.key;
    else if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0)
      node = node.items.at(-1);
    else break;
  }
  const end = isScalar(node) || isMap(node) || isSeq(node) ? rangeOf(node)[1] : rangeOf(block)[1];
  // The range of a block of text ends behind its line break.
  const at = text[end - 1] === '\n' ? end - 1 : end;
  const lineEnd = text.indexOf('\n', at);
  return lineEnd < 0 ? text.length : lineEnd;
}

const isPairLike = (node: unknown): node is Pair =>
  typeof node === 'object' && node !== null && 'key' in node && 'value' in node;

function lineAfter(text: string, end: number, column: number, line: string): TextEdit {
  const lead = end === 0 || text[end - 1] === '\n' ? '' : '\n';
  const tail = end >= text.length ? '\n' : '';
  return { from: end, to: end, insert: `${lead}${' '.repeat(column)}${line}${tail}` };
}

/** The edit that adds a line (`- { at: 12.3s, crash: ws-server-3 }`) at the end of the script. */
export function scriptLineEdit(text: string, line: string): TextEdit {
  const root = readRoot(text);
  const pair = isMap(root)
    ? (root.items.find((one) => keyOf(one) === 'script') as Pair | undefined)
    : undefined;
  if (pair === undefined) return lineAfter(text, text.trimEnd().length, 0, `script:\n  ${line}`);
  const script = pair.value;
  if (isSeq(script) && script.flow !== true && script.items.length > 0) {
    // A block list begins at its first hyphen.
    return lineAfter(text, endOfBlock(text, script), columnOf(text, rangeOf(script)[0]), line);
  }
  if (isSeq(script) && script.items.length > 0) {
    const at = text.lastIndexOf(']', rangeOf(script)[1]);
    return { from: at, to: at, insert: `, ${line.replace(/^- /, '')}` };
  }
  return replaceValue(pair, `\n  ${line}`);
}
