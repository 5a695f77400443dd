/**
 * What the list of scenarios shows of a file, read from its first lines without a YAML parser, which is large and loaded with the
 * worker. It understands what a header needs: plain, quoted and block scalars, and lists in brackets or with hyphens.
 */
export interface ScenarioHeader {
  readonly title: string;
  readonly summary: string;
  readonly teaches: readonly string[];
}

export function scenarioHeader(text: string): ScenarioHeader {
  const lines = text.slice(0, 8_000).split(/\r?\n/);
  return {
    title: scalar(lines, 'title') ?? '',
    summary: scalar(lines, 'summary') ?? '',
    teaches: list(lines, 'teaches'),
  };
}

/** The name that a text gives its scenario (`scenario: million-users`); null when it gives none that can be one. */
export function scenarioName(text: string): string | null {
  const name = scalar(text.slice(0, 8_000).split(/\r?\n/), 'scenario');
  return name !== null && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ? name : null;
}

interface Entry {
  readonly value: string;
  /** The indented or hyphenated lines below the key. */
  readonly below: readonly string[];
}

function entry(lines: readonly string[], key: string): Entry | null {
  const at = lines.findIndex((line) => line.startsWith(`${key}:`));
  if (at < 0) return null;
  const below: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.trim() !== '' && !/^(\s|- )/.test(line)) break;
    below.push(line);
  }
  return { value: lines[at]!.slice(key.length + 1).trim(), below };
}

function scalar(lines: readonly string[], key: string): string | null {
  const found = entry(lines, key);
  if (found === null) return null;
  const block = /^[|>][+-]?\d?$/.test(found.value);
  const text = block ? found.below : [found.value, ...found.below];
  const joined = text
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
  return block ? joined : unquote(joined);
}

function list(lines: readonly string[], key: string): string[] {
  const found = entry(lines, key);
  if (found === null) return [];
  const items = found.value.startsWith('[')
    ? found.value.slice(1).split(']')[0]!.split(',')
    : found.below.filter((line) => line.trim().startsWith('- ')).map((line) => line.trim().slice(2));
  return items.map((item) => unquote(item.trim())).filter((item) => item !== '');
}

function unquote(text: string): string {
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (double !== null) return double[1]!.replace(/\\(["\\])/g, '$1');
  const single = /^'((?:[^']|'')*)'/.exec(text);
  if (single !== null) return single[1]!.replaceAll("''", "'");
  return text.replace(/\s+#.*$/, '');
}
