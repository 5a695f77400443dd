import { database, decode } from '../diagrams/mermaid-model.ts';

/** What Mermaid itself understood of a gantt chart or a state diagram. */

export interface GanttTask {
  readonly section: string;
  readonly text: string;
  /** Milliseconds of the chart. */
  readonly from: number;
  readonly to: number;
  readonly crit: boolean;
  readonly milestone: boolean;
  readonly vert: boolean;
}

interface GanttDb {
  getTasks(): {
    section: string;
    task: string;
    startTime: Date;
    endTime: Date;
    crit?: boolean;
    milestone?: boolean;
    vert?: boolean;
  }[];
}

export async function ganttModel(text: string): Promise<{ tasks: GanttTask[] }> {
  const { type, db } = await database(text);
  if (type !== 'gantt') throw new Error(`not a gantt chart but ${type}`);
  const tasks = (db as unknown as GanttDb).getTasks().map((t) => ({
    section: t.section,
    text: decode(t.task).trim(),
    from: t.startTime.getTime(),
    to: t.endTime.getTime(),
    crit: t.crit === true,
    milestone: t.milestone === true,
    vert: t.vert === true,
  }));
  return { tasks };
}

interface StateDb {
  getRelations(): { id1: string; id2: string; relationTitle?: string }[];
  getStates(): Map<string, { id: string; descriptions: string[] }>;
}

export async function stateModel(
  text: string,
): Promise<{ edges: { from: string; to: string; label: string }[]; text(id: string): string }> {
  const { type, db } = await database(text);
  if (!type.startsWith('state')) throw new Error(`not a state diagram but ${type}`);
  const states = db as unknown as StateDb;
  return {
    edges: states
      .getRelations()
      .map((r) => ({ from: r.id1, to: r.id2, label: decode(r.relationTitle ?? '') })),
    text: (id) => (states.getStates().get(id)?.descriptions ?? []).map(decode).join('\n'),
  };
}
