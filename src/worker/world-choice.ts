import type { Action, WorldChoice } from './protocol.ts';

/** What such a world is called on the page. */
export const worldName = (choice: WorldChoice): string =>
  choice.kind === 'named' ? choice.name : `${choice.path.replace(/^design\./, '')}: ${choice.value}`;

/**
 * The same deed in another world, where stations have other numbers. `nodeThere` gives a station's number there, null where there is no
 * such station; null: it cannot be done there. Of a link's ends those that are there are enough.
 */
export function actionThere(action: Action, nodeThere: (node: number) => number | null): Action | null {
  switch (action.do) {
    case 'crash':
    case 'failover':
    case 'restart':
    case 'slow':
    case 'block': {
      const node = nodeThere(action.node);
      return node === null ? null : { ...action, node };
    }
    case 'link': {
      const present = (nodes: readonly number[]): readonly number[] =>
        nodes.map(nodeThere).filter((node) => node !== null);
      const [from, to] = [present(action.from), present(action.to)];
      return from.length === 0 || to.length === 0 ? null : { ...action, from, to };
    }
    case 'choose': {
      const [from, to] = [nodeThere(action.from), nodeThere(action.to)];
      return from === null || to === null ? null : { ...action, from, to };
    }
    default:
      return action;
  }
}
