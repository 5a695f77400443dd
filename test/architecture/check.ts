import { BANNED, BELOW_THE_WORKER, FILES, MAX_LINES, ROOMS, type Room } from './rules.ts';
import type { Import, Source } from './source.ts';

const CODE = /\.[cm]?[jt]sx?$/;

/** `kernel` for `src/kernel/world.ts`; null for what lies in no room. */
const roomOf = (path: string): string | null => /^src\/([^/]+)\//.exec(path)?.[1] ?? null;

function mayUsePackage(room: Room, name: string): boolean {
  return room.packages.some((allowed) =>
    allowed.endsWith('*')
      ? name.startsWith(allowed.slice(0, -1))
      : name === allowed || name.startsWith(`${allowed}/`),
  );
}

function mayImport(room: Room, { target, typesOnly }: Import): boolean {
  const inRooms = target.slice('src/'.length);
  const candidates = [roomOf(target), inRooms, `${inRooms}.ts`, `${inRooms}.tsx`];
  return room.rooms.some((allowed) => {
    const forTypes = allowed.startsWith('types:');
    return (
      candidates.includes(forTypes ? allowed.slice('types:'.length) : allowed) && (typesOnly || !forTypes)
    );
  });
}

const orNothing = (list: readonly string[]): string => (list.length === 0 ? 'nothing' : list.join(', '));

/** One line for each import that the table of rooms does not allow: the file, the import, the rule. */
export function forbiddenImports(source: Source): string[] {
  const inRooms = source.path.slice('src/'.length);
  const name = roomOf(source.path);
  const room = FILES[inRooms] ?? ROOMS[name ?? ''];
  if (name === null || room === undefined) {
    return [`${source.path}: lies in no room of the table; its rooms are ${Object.keys(ROOMS).join(', ')}`];
  }
  const who = FILES[inRooms] === undefined ? `src/${name}` : source.path;
  return source.imports.flatMap((imported) => {
    const { target, isFile, line } = imported;
    const at = `${source.path}:${line}: imports ${target}`;
    if (!isFile) {
      return mayUsePackage(room, target)
        ? []
        : [`${at}; of packages ${who} may import ${orNothing(room.packages)}`];
    }
    // What is no code is data: a style sheet, a scenario, package.json.
    if (!CODE.test(target) && /\.\w+$/.test(target)) return [];
    if (!target.startsWith('src/')) return [`${at}; src/ imports no code from outside it`];
    if (FILES[inRooms] === undefined && roomOf(target) === name) return [];
    if (mayImport(room, imported)) return [];
    return [`${at}; of rooms ${who} may import ${orNothing(room.rooms)}`];
  });
}

/** One line for each use of what is banned below the worker: the file, the name, what to use in its place. */
export function bannedUses(source: Source): string[] {
  if (!BELOW_THE_WORKER.includes(roomOf(source.path) ?? '')) return [];
  return source.uses.flatMap(({ name, line }) => {
    const instead = BANNED.get(name);
    return instead === undefined
      ? []
      : [`${source.path}:${line}: uses ${name}; below the worker use ${instead}`];
  });
}

/** The import cycles, each as one line `a -> b -> a`, its smallest name first. Imports of types count. */
export function importCycles(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, source.imports.map((i) => i.target)]));
  const done = new Set<string>();
  const path: string[] = [];
  const cycles = new Set<string>();
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      const cycle = path.slice(at);
      const least = cycle.indexOf(cycle.toSorted()[0]!);
      const turned = [...cycle.slice(least), ...cycle.slice(0, least)];
      cycles.add([...turned, turned[0]].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const target of graph.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const { path: file } of sources) visit(file);
  return [...cycles];
}

export function longFiles(sources: readonly Source[]): string[] {
  return sources
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path}: ${lines} lines; at most ${MAX_LINES}: ask what wants to leave`);
}
