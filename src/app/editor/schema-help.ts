/** What the JSON Schema of a scenario says about a place: which keys and values may stand there, and what they mean. */

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Suggestion {
  readonly word: string;
  readonly kind: 'key' | 'value';
  readonly help: string;
  /** The key's value is a map or a list, which begins on a line of its own or in brackets. */
  readonly isContainer: boolean;
}

type Path = readonly (string | number)[];

/** The forms that a schema allows, one by one. */
const formsOf = (schema: JsonSchema): readonly JsonSchema[] =>
  schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(formsOf);

const asSchema = (schema: boolean | JsonSchema | undefined): JsonSchema | undefined =>
  typeof schema === 'object' ? schema : undefined;

/** Keys that are whole paths of settings, as under `set:`. */
const namesSettings = (schema: JsonSchema): boolean =>
  schema.propertyNames?.pattern?.includes('design') === true;

/** The schemas that may hold at a path, outermost first; a place in what may also stand without its list is the thing itself. */
export function schemasAt(root: JsonSchema, path: Path): readonly JsonSchema[] {
  let here: readonly JsonSchema[] = [root];
  for (const step of path) {
    here = here.flatMap(formsOf).flatMap((form): readonly JsonSchema[] => {
      if (typeof step === 'number') return form.items === undefined ? [] : [form.items];
      const own = form.properties?.[step];
      if (own !== undefined) return [own];
      if (namesSettings(form)) return schemasAt(root, step.split('.'));
      const others = asSchema(form.additionalProperties);
      return others === undefined ? [] : [others];
    });
  }
  return here;
}

/** `one of a, b, c`, `from 1 to 100`, `a duration: 250us, 10ms, 60s`. */
function typeInWords(schemas: readonly JsonSchema[]): string {
  const words = new Set<string>();
  for (const form of schemas.flatMap(formsOf)) {
    if (form.enum !== undefined)
      words.add(form.enum.length === 1 ? `${form.enum[0]}` : `one of ${form.enum.join(', ')}`);
    else if (form.pattern?.includes('(us|ms|s|m|h|d)') === true)
      words.add('a duration such as 250us, 10ms, 60s');
    else if (form.pattern?.includes('[kMG]') === true) continue;
    else if (form.type === 'integer' || form.type === 'number') {
      const { minimum, maximum } = form;
      const whole = form.type === 'integer' ? 'a whole number' : 'a number';
      words.add(
        minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
          ? `${whole} from ${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`
          : whole,
      );
    } else if (form.type === 'boolean') words.add('true or false');
    else if (form.type === 'array') words.add('a list');
    else if (form.type === 'object') words.add('a map');
    else if (form.type === 'string') words.add('a text');
  }
  return [...words].join('; or ');
}

/** What stands at a path, in a sentence and in its type; null when the schema knows nothing of it. */
export function helpAt(
  root: JsonSchema,
  path: Path,
): { readonly text: string; readonly type: string } | null {
  const schemas = schemasAt(root, path);
  const text = schemas.find((schema) => schema.description !== undefined)?.description;
  const type = typeInWords(schemas);
  return text === undefined && type === '' ? null : { text: text ?? '', type };
}

/** All paths of single settings below `design` and `workload`, as they are written under `set:`. */
function settingPaths(root: JsonSchema): readonly Suggestion[] {
  const found: Suggestion[] = [];
  const walk = (schema: JsonSchema, path: string): void => {
    const forms = formsOf(schema);
    const keys = forms.flatMap((form) => Object.entries(form.properties ?? {}));
    if (path.includes('.'))
      found.push({ word: path, kind: 'key', help: schema.description ?? '', isContainer: false });
    if (keys.length === 0 || forms.some((form) => form.type !== 'object')) return;
    for (const [key, inner] of keys) walk(inner, `${path}.${key}`);
  };
  for (const top of ['design', 'workload']) {
    const schema = root.properties?.[top];
    if (schema !== undefined) walk(schema, top);
  }
  return found;
}

/** The keys that may stand in the map at a path. */
export function keysAt(root: JsonSchema, path: Path): readonly Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const form of schemasAt(root, path).flatMap(formsOf)) {
    if (namesSettings(form)) for (const setting of settingPaths(root)) found.set(setting.word, setting);
    for (const [word, schema] of Object.entries(form.properties ?? {})) {
      const forms = formsOf(schema);
      const isContainer = forms.every(({ type }) => type === 'object' || type === 'array');
      if (!found.has(word))
        found.set(word, { word, kind: 'key', help: schema.description ?? '', isContainer });
    }
  }
  return [...found.values()];
}

/** The words that may stand as the value at a path. */
export function valuesAt(root: JsonSchema, path: Path): readonly Suggestion[] {
  const found = new Map<string, Suggestion>();
  const add = (word: string, help: string): void => {
    if (!found.has(word)) found.set(word, { word, kind: 'value', help, isContainer: false });
  };
  for (const schema of schemasAt(root, path)) {
    for (const form of formsOf(schema)) {
      const help = form.description ?? schema.description ?? '';
      for (const word of form.enum ?? []) add(String(word), help);
      if (form.type === 'boolean') for (const word of ['true', 'false']) add(word, help);
    }
  }
  return [...found.values()];
}
