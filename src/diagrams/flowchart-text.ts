/** Writes a Mermaid flowchart: ids are ours (n0, n1, ..., g0, ...), labels are quoted and already escaped (see mermaid-text.ts). */

type FlowShape = 'box' | 'round' | 'many' | 'store' | 'channel';
/** `call` solid, `both` solid in both directions, `subscribe` dotted, `fan-out` thick, `mesh` thick in both directions, `plain` without head, `hidden` only orders. */
type FlowLine = 'call' | 'both' | 'subscribe' | 'fan-out' | 'mesh' | 'plain' | 'hidden';

const SHAPES: Record<FlowShape, readonly [string, string]> = {
  box: ['[', ']'],
  round: ['(', ')'],
  many: ['[[', ']]'],
  store: ['[(', ')]'],
  channel: ['([', '])'],
};
/** Each line at its usual length, and one rank longer. */
const LINES: Record<FlowLine, readonly [string, string]> = {
  call: ['-->', '--->'],
  both: ['<-->', '<--->'],
  subscribe: ['-.->', '-..->'],
  'fan-out': ['==>', '===>'],
  mesh: ['<==>', '<===>'],
  plain: ['---', '----'],
  hidden: ['~~~', '~~~~'],
};

export interface FlowWriter {
  /** Adds a box to the open group (or to none) and returns its id. */
  node(shape: FlowShape, text: string): string;
  /**
   * Opens a group for what `inside` adds; returns its id. Give one line: a second would lie under the boxes. A direction counts only
   * where no box of the group has an arrow to the outside.
   */
  group(text: string, inside: () => void, direction?: 'TB' | 'LR'): string;
  edge(from: string, to: string, line: FlowLine, text?: string): void;
  /** An arrow over two ranks: room for the words where it begins at a group's border. */
  longEdge(from: string, to: string, line: FlowLine, text?: string): void;
  text(): string;
}

export function flowWriter(direction: 'TD' | 'LR' = 'TD'): FlowWriter {
  const body: string[] = [];
  const edges: string[] = [];
  let nodes = 0;
  let groups = 0;
  let depth = 1;
  const line = (text: string): void => {
    body.push('    '.repeat(depth) + text);
  };
  const connect = (from: string, to: string, arrow: string, text = ''): void => {
    edges.push(`    ${from} ${arrow}${text === '' ? '' : `|"${text}"|`} ${to}`);
  };
  return {
    node(shape, text) {
      const id = `n${nodes++}`;
      const [open, close] = SHAPES[shape];
      line(`${id}${open}"${text}"${close}`);
      return id;
    },
    group(text, inside, insideDirection) {
      const id = `g${groups++}`;
      line(`subgraph ${id}["${text}"]`);
      depth++;
      if (insideDirection !== undefined) line(`direction ${insideDirection}`);
      inside();
      depth--;
      line('end');
      return id;
    },
    edge: (from, to, style, text) => connect(from, to, LINES[style][0], text),
    longEdge: (from, to, style, text) => connect(from, to, LINES[style][1], text),
    text: () => `${[`flowchart ${direction}`, ...body, ...edges].join('\n')}\n`,
  };
}
