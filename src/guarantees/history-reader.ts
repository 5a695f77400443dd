import { InputError, type Problem } from '../base/errors.ts';
import { FIELDS, type FieldType, HISTORY_TYPES, type HistoryEvent, type HistoryType } from './history.ts';
import { HistoryContradiction } from './interner.ts';
import { fieldColumn, jsonError } from './json-line.ts';

/** How many problems are told before it says how many more there are. */
const MOST_PROBLEMS = 20;

const EXAMPLE = '{"type":"send","message":"m1","user":"alice","channel":"c1","time":10}';

/** `{"type":"join","user":"...","channel":"...","time":0}` */
function patternOf(type: HistoryType): string {
  const sample: Record<FieldType, string> = { string: '"..."', number: '0', boolean: 'true' };
  const fields = Object.entries(FIELDS[type]).map(([name, of]) => `"${name}":${sample[of]}`);
  return `{"type":"${type}",${[...fields, '"time":0'].join(',')}}`;
}

/**
 * Reads a history from JSON Lines, in chunks of any size. Fields beside those of the type are left alone, and so are empty lines.
 * `take` gets each event, until there is a problem; a HistoryContradiction that it throws is one.
 */
export class HistoryReader {
  readonly #file: string;
  readonly #take: (event: HistoryEvent) => void;
  #rest = '';
  #line = 0;
  readonly #problems: Problem[] = [];
  #moreProblems = 0;
  #lastTime = 0;

  constructor(file: string, take: (event: HistoryEvent) => void) {
    this.#file = file;
    this.#take = take;
  }

  push(chunk: string): void {
    const text = this.#rest + chunk;
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#read(text.slice(start, end));
      start = end + 1;
    }
    this.#rest = text.slice(start);
  }

  /** After the last chunk. Throws InputError with what is wrong, by line and column. */
  finish(): void {
    if (this.#rest !== '') this.#read(this.#rest);
    this.#rest = '';
    if (this.#problems.length === 0) return;
    if (this.#moreProblems > 0) {
      const { line, column, message } = this.#problems[this.#problems.length - 1];
      const more = `${message} (and ${this.#moreProblems} more lines are wrong)`;
      this.#problems[this.#problems.length - 1] = { file: this.#file, line, column, message: more };
    }
    throw new InputError(this.#problems);
  }

  #read(line: string): void {
    this.#line++;
    const text = this.#line === 1 && line.startsWith('\uFEFF') ? line.slice(1) : line;
    if (/^\s*$/.test(text)) return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      const error = jsonError(text);
      this.#problem(error?.column ?? 1, error?.message ?? `this is not JSON; write ${EXAMPLE}`);
      return;
    }
    if (!this.#isEvent(value, text) || this.#problems.length > 0) return;
    try {
      this.#take(value);
    } catch (error) {
      if (!(error instanceof HistoryContradiction)) throw error;
      this.#problem(fieldColumn(text, error.field), error.message);
    }
  }

  #isEvent(value: unknown, text: string): value is HistoryEvent {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#problem(text.search(/\S/) + 1, `an event is an object; write ${EXAMPLE}`);
      return false;
    }
    const event = value as Record<string, unknown>;
    const { type, time } = event;
    if (typeof type !== 'string' || !Object.hasOwn(FIELDS, type)) {
      const wrong = type === undefined ? '"type" is missing' : `there is no type ${JSON.stringify(type)}`;
      this.#problem(fieldColumn(text, 'type'), `${wrong}; use ${HISTORY_TYPES.join(', ')}`);
      return false;
    }
    const fields = FIELDS[type as HistoryType];
    for (const name in fields) {
      if (!this.#isField(event[name], name, fields[name], type as HistoryType, text)) return false;
    }
    if (!this.#isField(time, 'time', 'number', type as HistoryType, text)) return false;
    // `take` notices it too, but not after a first problem.
    if ((time as number) < this.#lastTime) {
      this.#problem(
        fieldColumn(text, 'time'),
        `time goes back from ${this.#lastTime} to ${time as number}; events are in real-time order`,
      );
      return false;
    }
    this.#lastTime = time as number;
    return true;
  }

  #isField(value: unknown, name: string, of: FieldType, type: HistoryType, text: string): boolean {
    if (typeof value === of) {
      if (value === '') {
        this.#problem(fieldColumn(text, name), `"${name}" is empty; give it a name`);
        return false;
      }
      if (
        of !== 'number' ||
        (Number.isFinite(value) && (value as number) >= 0 && (value as number) <= LATEST_MS)
      ) {
        return true;
      }
      this.#problem(
        fieldColumn(text, name),
        `"${name}" is ${JSON.stringify(value)}; give milliseconds from 0 to ${LATEST_MS}`,
      );
      return false;
    }
    const wrong = value === undefined ? `"${name}" is missing` : `"${name}" is not a ${of}`;
    this.#problem(fieldColumn(text, name), `${wrong}; write ${patternOf(type)}`);
    return false;
  }

  #problem(column: number, message: string): void {
    if (this.#problems.length < MOST_PROBLEMS) {
      this.#problems.push({ file: this.#file, line: this.#line, column, message });
    } else {
      this.#moreProblems++;
    }
  }
}

/** In milliseconds: beyond it microseconds are no longer exact. */
const LATEST_MS = 9_000_000_000_000;

/** A whole history from JSON Lines. Throws InputError with what is wrong, by line and column. */
export function parseHistory(text: string, file: string): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const reader = new HistoryReader(file, (event) => events.push(event));
  reader.push(text);
  reader.finish();
  return events;
}
