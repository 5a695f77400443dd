import { messageKey } from '../../trace/story.ts';
import type { OpenedInfo } from '../../worker/protocol.ts';
import { ModelPace } from '../model-pace.ts';
import type { Stage } from '../stage.ts';
import { messagesOf } from '../witness-rows.ts';
import { type ChannelHistory, channelHistory } from './channel-history.ts';
import { chooseChannel } from './choose-channel.ts';
import { MOST_MESSAGES, type SpaceTimeLayout, spaceTimeLayout } from './layout.ts';

export interface SpaceTimeModel {
  readonly info: OpenedInfo;
  readonly history: ChannelHistory;
  readonly layout: SpaceTimeLayout;
  /** Messages of the broken promise that is looked at, by index; null when none is. */
  readonly strong: ReadonlySet<number> | null;
}

const EVERY_MS = 150;

/** The history of the channel that is looked at, from what the store holds; null when there is none. */
export function readChannel(stage: Stage): Omit<SpaceTimeModel, 'layout'> | null {
  const { info, rows } = stage.store;
  if (info === null) return null;
  const witness = stage.witness.current;
  const selection = stage.selection.current;
  const channel = chooseChannel(rows, selection, witness);
  if (channel < 0) return null;
  const wanted = new Set(
    witness !== null
      ? messagesOf(witness).map(messageKey)
      : selection?.kind === 'message'
        ? [messageKey(selection)]
        : [],
  );
  const history = channelHistory(rows, channel, MOST_MESSAGES, wanted);
  if (history.messages.length === 0) return null;
  const strong =
    witness === null
      ? null
      : new Set(
          history.messages.flatMap((message) => (wanted.has(messageKey(message)) ? [message.index] : [])),
        );
  return { info, history, strong };
}

/** Makes the model when what it is made from has changed, and no more often than it can be read. One for each picture. */
export class SpaceTimeSource {
  model: SpaceTimeModel | null = null;
  readonly #stage: Stage;
  readonly #pace: ModelPace;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#pace = new ModelPace(stage, EVERY_MS);
  }

  /** Whether the model is another now; `later` when it is too early to make it: ask again. */
  update(room: { readonly width: number; readonly height: number }, nowMs: number): boolean | 'later' {
    const due = this.#pace.due([room.width, room.height], nowMs);
    if (due === 'same') return false;
    if (due === 'later') return 'later';
    const read = readChannel(this.#stage);
    this.model = read === null ? null : { ...read, layout: spaceTimeLayout(read.history, room) };
    return true;
  }
}
