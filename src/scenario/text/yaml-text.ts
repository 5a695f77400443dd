import {
  CST,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { Problem } from '../../base/errors.ts';
import { MAX_DEPTH, MAX_TEXT_LENGTH, MAX_TOKENS } from '../bounds.ts';
import type { TextRange } from '../types.ts';
import { inputError, type Path } from './problems.ts';
import { show } from './show.ts';

/**
 * Text to plain data with the place of everything in it. Reads one YAML 1.2 document of maps, lists, strings, numbers and booleans;
 * what else YAML has (anchors, aliases, tags, directives, several documents) is refused before it can do harm.
 */

export interface YamlText {
  readonly fileName: string;
  readonly text: string;
  /** Maps, lists, strings, finite numbers, booleans and null. */
  readonly value: unknown;
  /** The range of the key or value at a path; null when it is not in the text. */
  rangeOf(path: Path, at: 'key' | 'value'): TextRange | null;
}

interface Ranges {
  readonly key: TextRange | null;
  readonly value: TextRange;
}

const keyOf = (path: Path): string => JSON.stringify(path);

/** Reads the text. Throws InputError with a line for each problem. */
export function readYaml(text: string, fileName: string): YamlText {
  const places = new LineCounter();
  const problem = (offset: number, message: string): Problem => {
    const { line, col } = places.linePos(offset);
    return { file: fileName, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  if (text.length > MAX_TEXT_LENGTH) {
    const message = `the text has ${text.length} characters; a scenario has at most ${MAX_TEXT_LENGTH}`;
    throw inputError([{ file: fileName, line: 1, column: 1, message }]);
  }
  countLines(text, places);
  const odd = unreadable(text);
  if (odd !== null) throw inputError([problem(odd.offset, odd.message)]);
  const forbidden = firstForbidden(text);
  if (forbidden !== null) throw inputError([problem(forbidden.offset, forbidden.message)]);

  const document = parse(text);
  const complaints = [...document.errors, ...document.warnings];
  if (complaints.length > 0) throw inputError(readComplaints(complaints, text, problem));

  const problems: Problem[] = [];
  const ranges = new Map<string, Ranges>();
  const rangeOfNode = (node: Node): TextRange => {
    const [start = 0, end = start] = node.range ?? [];
    const { line, col } = places.linePos(start);
    return { line: Math.max(1, line), column: Math.max(1, col), start, end };
  };
  const complain = (node: Node, message: string): null => {
    problems.push(problem(node.range?.[0] ?? 0, message));
    return null;
  };

  const read = (node: unknown, path: Path, key: Node | null): unknown => {
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) {
      // A key without a value in a flow map has no node at all.
      if (key !== null) ranges.set(keyOf(path), { key: rangeOfNode(key), value: rangeOfNode(key) });
      return null;
    }
    ranges.set(keyOf(path), { key: key === null ? null : rangeOfNode(key), value: rangeOfNode(node) });
    if (path.length > MAX_DEPTH)
      return complain(node, `lists and maps lie more than ${MAX_DEPTH} deep; flatten them`);
    if (isSeq(node)) return node.items.map((item, i) => read(item, [...path, i], null));
    if (isScalar(node)) {
      const { value } = node;
      if (
        node.comment != null &&
        node.type === 'PLAIN' &&
        typeof value === 'string' &&
        SPOKEN.has(keyAbove(path))
      )
        return complain(node, COMMENT_IN_TEXT);
      if (typeof value === 'number' && !Number.isFinite(value)) {
        return complain(node, `${show(value)} is not a finite number; write one`);
      }
      return typeof value === 'bigint' ? Number(value) : value;
    }
    const map: Record<string, unknown> = {};
    for (const pair of node.items) {
      const name = pair.key;
      if (!isScalar(name) || typeof name.value !== 'string') {
        complain(
          (isScalar(name) || isMap(name) || isSeq(name) ? name : node) as Node,
          `a key is no word; write a word, in quotes when it looks like a number`,
        );
      } else if (name.value === '__proto__' || name.value === 'constructor' || name.value === 'prototype') {
        complain(name, `the key ${name.value} is not allowed; take another name`);
      } else if (Object.hasOwn(map, name.value)) {
        complain(name, `the key ${show(name.value)} is there twice; keep one of them${newStep(path)}`);
        // What follows belongs to the step that has no dash.
        if (isStep(path)) break;
      } else {
        map[name.value] = read(pair.value, [...path, name.value], name);
      }
    }
    return map;
  };

  const value = read(document.contents, [], null);
  if (problems.length > 0) throw inputError(problems);
  return {
    fileName,
    text,
    value,
    rangeOf: (path, at) => {
      const found = ranges.get(keyOf(path));
      return found === undefined ? null : at === 'key' ? (found.key ?? found.value) : found.value;
    },
  };
}

function parse(text: string) {
  // A hostile text can have an error at each token; without their stacks, which nobody reads, they cost a quarter of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text, {
      prettyErrors: false,
      // Duplicate keys are found by `read`, in linear time: the parser's own check is quadratic.
      uniqueKeys: false,
      merge: false,
      schema: 'core',
      logLevel: 'error',
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function countLines(text: string, places: LineCounter): void {
  places.addNewLine(0);
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) places.addNewLine(i + 1);
}

interface Finding {
  readonly offset: number;
  readonly message: string;
}

/** Characters that YAML does not allow, and halves of characters: a file that is not text. */
function unreadable(text: string): Finding | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  const half = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text);
  const first = [control, half].filter((m) => m !== null).sort((a, b) => a.index - b.index)[0];
  if (first === undefined) return null;
  const code = first[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return {
    offset: first.index,
    message: `the character U+${code} has no place in a text file; a scenario is UTF-8 text`,
  };
}

const SECOND_DOCUMENT = 'a second document begins here; a file holds one scenario';

const FORBIDDEN: Readonly<Partial<Record<CST.TokenType, string>>> = {
  anchor: 'anchors are not read here; write the value out where it is needed',
  alias:
    'aliases are not read here; write the value out where it is needed, or put it in quotes when the * belongs to a text',
  tag: 'tags are not read here; leave the ! away, or put the value in quotes when it belongs to a text',
  'directive-line': 'directives are not read here; leave the line that begins with % away',
};

/**
 * The first token that is not read here, or that goes too deep or too far. The lexer works through the text step by step, so this
 * takes time in proportion to what has been looked at, whatever the text is.
 */
function firstForbidden(text: string): Finding | null {
  let offset = 0;
  let tokens = 0;
  let brackets = 0;
  let indicators = 0;
  let isBegun = false;
  let isEnded = false;
  for (const source of new Lexer().lex(text)) {
    // The lexer marks scalars and documents with control characters that are not in the text.
    const type = CST.tokenType(source);
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') continue;
    const isBlank =
      type === 'space' || type === 'comment' || type === 'newline' || type === 'byte-order-mark';
    if (isEnded && !isBlank) return { offset, message: SECOND_DOCUMENT };
    if (type === 'flow-map-start' || type === 'flow-seq-start') brackets++;
    else if (type === 'flow-map-end' || type === 'flow-seq-end') brackets--;
    else if (type === 'newline') indicators = 0;
    else if (type === 'doc-start' && isBegun) return { offset, message: SECOND_DOCUMENT };
    else if (type === 'doc-end') isEnded = true;
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind') {
      if (brackets === 0) indicators++;
    }
    if (!isBlank) isBegun = true;
    if (brackets < 0)
      return { offset, message: 'a bracket is closed here that was not opened; leave it away' };
    if (brackets > MAX_DEPTH || indicators > MAX_DEPTH) {
      return { offset, message: `lists and maps lie more than ${MAX_DEPTH} deep; flatten them` };
    }
    if (++tokens > MAX_TOKENS) {
      return { offset, message: `the text goes on after ${MAX_TOKENS} tokens; make the scenario shorter` };
    }
    const isInLine = type === 'directive-line' && offset > 0 && text[offset - 1] !== '\n';
    const why = type === null || isInLine ? undefined : FORBIDDEN[type];
    if (why !== undefined) return { offset, message: why };
    offset += source.length;
  }
  return null;
}

/** Texts for people: what looks like a comment in one was likely meant to be read. */
const SPOKEN: ReadonlySet<string | number | undefined> = new Set([
  'title',
  'summary',
  'say',
  'ask',
  'explain',
  'choices',
]);
const COMMENT_IN_TEXT =
  'the text ends before the #, where a comment of YAML begins; put the text in quotes, or the comment on a line of its own';
const keyAbove = (path: Path): string | number | undefined =>
  path.findLast((step) => typeof step === 'string');

const isStep = (path: Path): boolean => path[0] === 'script' && path.length === 2;
const newStep = (path: Path): string => (isStep(path) ? ', or begin another step with a dash' : '');

/** One line for each slip: what the parser says of the lines after a bad indentation follows from it. */
function readComplaints(
  complaints: readonly YAMLError[],
  text: string,
  problem: (offset: number, message: string) => Problem,
): readonly Problem[] {
  const first = complaints.findIndex(({ code }) => code === 'BAD_INDENT');
  const own = complaints.filter(({ code }, i) => code !== 'BAD_INDENT' || i === first);
  return own.map((e) => problem(e.pos[0], missesDash(e, text) ?? inPlainWords(e)));
}

/** A line with a key that stands in the column of a list's dashes: an item whose dash was forgotten. */
function missesDash({ code, pos: [offset] }: YAMLError, text: string): string | null {
  if (code !== 'BAD_INDENT') return null;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const [line = '', indent = '', key = ''] = /^( *)([\w.]+):(?=\s).*/.exec(text.slice(start)) ?? [];
  const above = text.slice(0, start).trimEnd().split('\n');
  const dashed = above.findLast((one) => one.trim() !== '' && one.search(/\S/) <= indent.length);
  if (line === '' || !dashed?.startsWith(`${indent}- `)) return null;
  return `this line belongs to no item of the list; begin the item with a dash: - ${key}: ...`;
}

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the indentation does not fit; align keys of one map, and list items, in one column',
  TAB_AS_INDENT: 'a tab indents this line; use spaces',
  DUPLICATE_KEY: 'this key is there twice; keep one of them',
  MULTIPLE_DOCS: SECOND_DOCUMENT,
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; write it on one line, followed by a colon',
  BLOCK_AS_IMPLICIT_KEY:
    'a map begins where a value stands already; put a text with a colon in quotes, or begin a new line',
  BLOCK_IN_FLOW: 'a block begins inside brackets; write it in brackets too',
  BAD_SCALAR_START: 'a text cannot begin with this character; put it in quotes',
  BAD_DQ_ESCAPE: 'this escape sequence does not exist; write \\\\ for a backslash, or use single quotes',
  KEY_OVER_1024_CHARS: 'a key is longer than 1,024 characters; shorten it',
  UNEXPECTED_TOKEN: 'this does not belong here; look for an open bracket or quote before it',
};

function inPlainWords(error: YAMLError): string {
  const said = error.message.split('\n')[0]!.replace(/[.;:]?\s*$/, '');
  if (/closing .?quote/i.test(said)) return 'a quote is open at the end of the text; close it';
  if (/^Flow (map|sequence)/i.test(said))
    return 'a bracket is not closed here; close it, or indent its lines more';
  return PLAIN_WORDS[error.code] ?? `not valid YAML: ${said}; put texts with : # [ { in quotes`;
}
