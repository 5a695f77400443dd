import { JSDOM } from 'jsdom';

/** What Mermaid itself understood of a text: parsing is no proof, since a stray line can be ignored in silence. */

export interface SequenceModel {
  readonly participants: readonly { readonly id: string; readonly label: string }[];
  readonly steps: readonly SequenceStep[];
}
interface SequenceStep {
  readonly kind: 'arrow' | 'note' | 'activate' | 'deactivate' | 'other';
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Mermaid's number of the kind of line. */
  readonly type: number;
}
export interface FlowModel {
  readonly vertices: readonly { readonly id: string; readonly label: string; readonly shape: string }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly label: string;
    readonly stroke: string;
  }[];
  readonly groups: readonly {
    readonly id: string;
    readonly title: string;
    readonly members: readonly string[];
  }[];
}

interface Db {
  getActors?(): Map<string, { name: string; description: string }>;
  getMessages?(): { type: number; from?: string; to?: string; message: unknown }[];
  getVertices?(): Map<string, { id: string; text?: string; type?: string }>;
  getEdges?(): { start: string; end: string; text: string; stroke: string }[];
  getSubGraphs?(): { id: string; title: string; nodes: string[] }[];
}

/** Mermaid's numbers of lines, from its sequence database. */
const NOTE = 2;
const ACTIVE_START = 17;
const ACTIVE_END = 18;
export const ARROW_TYPES: Readonly<Record<number, string>> = {
  0: '->>',
  1: '-->>',
  3: '-x',
  4: '--x',
  24: '-)',
  25: '--)',
};

let loading: Promise<typeof import('mermaid')['default']> | null = null;

function load(): Promise<typeof import('mermaid')['default']> {
  loading ??= (async () => {
    const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
    for (const name of [
      'document',
      'Element',
      'HTMLElement',
      'Node',
      'NodeFilter',
      'DocumentFragment',
      'DOMParser',
      'Option',
    ] as const) {
      Object.defineProperty(globalThis, name, {
        value: window[name as keyof typeof window],
        configurable: true,
        writable: true,
      });
    }
    Object.defineProperty(globalThis, 'window', { value: window, configurable: true, writable: true });
    const { default: mermaid } = await import('mermaid');
    mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
    return mermaid;
  })();
  return loading;
}

/** What Mermaid holds of a text, for the kinds of diagram that have no model here. */
export async function database(text: string): Promise<{ type: string; db: Db }> {
  const mermaid = await load();
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
  return { type: diagram.type, db: diagram.db as unknown as Db };
}

/** Undoes Mermaid's stand-ins for entities, and the entities that its sanitiser leaves. */
export function decode(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00A0' };
  return text.replace(
    /\uFB02\u00B0\u00B0(\d+)\u00B6\u00DF|&(amp|lt|gt|quot|nbsp);/g,
    (_, code: string | undefined, name: string) =>
      code === undefined ? named[name]! : String.fromCodePoint(Number(code)),
  );
}

export async function sequenceModel(text: string): Promise<SequenceModel> {
  const { type, db } = await database(text);
  if (type !== 'sequence') throw new Error(`not a sequence diagram but ${type}`);
  const kinds: Record<number, SequenceStep['kind']> = {
    [NOTE]: 'note',
    [ACTIVE_START]: 'activate',
    [ACTIVE_END]: 'deactivate',
  };
  return {
    participants: [...db.getActors!().values()].map((a) => ({ id: a.name, label: decode(a.description) })),
    steps: db.getMessages!().map((m) => ({
      kind: m.type in ARROW_TYPES ? 'arrow' : (kinds[m.type] ?? 'other'),
      from: m.from ?? '',
      to: m.to ?? '',
      text: typeof m.message === 'string' ? decode(m.message) : '',
      type: m.type,
    })),
  };
}

export async function flowModel(text: string): Promise<FlowModel> {
  const { type, db } = await database(text);
  if (!type.startsWith('flowchart')) throw new Error(`not a flowchart but ${type}`);
  const groups = db.getSubGraphs!().map((g) => ({ id: g.id, title: shown(g.title), members: g.nodes }));
  // A group at the end of an arrow is a vertex to Mermaid as well.
  const isGroup = new Set(groups.map((g) => g.id));
  return {
    vertices: [...db.getVertices!().values()]
      .filter((v) => !isGroup.has(v.id))
      .map((v) => ({ id: v.id, label: shown(v.text ?? ''), shape: v.type ?? '' })),
    edges: db.getEdges!().map((e) => ({ from: e.start, to: e.end, label: shown(e.text), stroke: e.stroke })),
    groups,
  };
}

/** The sanitiser writes a line break in its own way. */
const shown = (text: string): string => decode(text.replaceAll('<br>', '<br/>'));
