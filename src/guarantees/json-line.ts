/**
 * Where things are in a line of JSON: the columns of an object's values, or of what is not JSON. For error messages only, so it may be
 * slow; JSON.parse reads the lines that are right. Grammar of RFC 8259.
 */

export interface LineError {
  /** From 1. */
  readonly column: number;
  readonly message: string;
}

const DEEPEST = 100;

class Scanner {
  readonly #text: string;
  #at = 0;
  /** By key of the outermost object: the column of its value. */
  readonly columns = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  line(): LineError | null {
    const error = this.#value(0);
    if (error !== null) return error;
    this.#blanks();
    return this.#at < this.#text.length ? this.#error('end the line here: one event a line') : null;
  }

  #value(depth: number): LineError | null {
    this.#blanks();
    if (depth > DEEPEST) return this.#error('nest less deeply');
    const next = this.#text[this.#at];
    if (next === '{') return this.#list('}', depth, true);
    if (next === '[') return this.#list(']', depth, false);
    if (next === '"') return this.#string();
    const word = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;
    word.lastIndex = this.#at;
    if (!word.test(this.#text)) return this.#error('write a value: "text", a number, true or false');
    this.#at = word.lastIndex;
    return null;
  }

  #list(close: string, depth: number, keyed: boolean): LineError | null {
    this.#at++;
    this.#blanks();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return null;
    }
    for (;;) {
      const error = (keyed ? this.#key(depth) : null) ?? this.#value(depth + 1);
      if (error !== null) return error;
      this.#blanks();
      const next = this.#text[this.#at];
      if (next !== ',' && next !== close) return this.#error(`write , or ${close}`);
      this.#at++;
      if (next === close) return null;
    }
  }

  #key(depth: number): LineError | null {
    this.#blanks();
    const start = this.#at;
    if (this.#text[start] !== '"') return this.#error('write a "key"');
    const error = this.#string();
    if (error !== null) return error;
    const key = JSON.parse(this.#text.slice(start, this.#at)) as string;
    this.#blanks();
    if (this.#text[this.#at] !== ':') return this.#error('write :');
    this.#at++;
    this.#blanks();
    if (depth === 0) this.columns.set(key, this.#at + 1);
    return null;
  }

  #string(): LineError | null {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids just these
    const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    string.lastIndex = this.#at;
    if (!string.test(this.#text))
      return this.#error('close this text with ", and escape with \\ as JSON does');
    this.#at = string.lastIndex;
    return null;
  }

  #blanks(): void {
    while (/^[ \t\r\n]$/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #error(right: string): LineError {
    const found = this.#text[this.#at];
    const wrong =
      found === undefined ? 'the line ends too early' : `${JSON.stringify(found)} is not JSON here`;
    return { column: this.#at + 1, message: `${wrong}; ${right}` };
  }
}

/** What is wrong with a line as JSON, or null. */
export const jsonError = (line: string): LineError | null => new Scanner(line).line();

/** The column, from 1, of a field's value in a line that is a JSON object; of its beginning when there is no such field. */
export function fieldColumn(line: string, field: string): number {
  const scanner = new Scanner(line);
  scanner.line();
  return scanner.columns.get(field) ?? line.search(/\S|$/) + 1;
}
