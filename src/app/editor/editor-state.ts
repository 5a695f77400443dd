import { Value } from '../../views/store/value.ts';

/** Which side of the editor is open, or null. The editor itself is loaded when it is opened. */
export type EditorTab = 'text' | 'settings';

export const editorTab = new Value<EditorTab | null>(null);

/** Lines of a script that wait for the editor to take them in. */
export const linesToAdd = new Value<readonly string[]>([]);

/** Opens the editor with the line at the end of the scenario's script. */
export function addToScript(line: string): void {
  linesToAdd.set([...linesToAdd.current, line]);
  editorTab.set('text');
}
