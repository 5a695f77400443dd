import { GrowingU8, GrowingU32 } from './growing.ts';

/**
 * What each user sent and was shown, in real-time order: an item for each send and each showing, numbered from 1. A message m is a
 * direct cause of r when r's sender had sent m, or had been shown m, before sending r.
 */
export class CausalItems {
  count = 0;
  // By item: its message, whether it is a send, the one before it of the same user.
  readonly message = new GrowingU32();
  readonly isSend = new GrowingU8();
  readonly before = new GrowingU32();
  // By message: the item of its send (0: not sent), the first send of which it is a direct cause (0: none).
  readonly sendOf = new GrowingU32();
  readonly firstEffect = new GrowingU32();
  // By user: the last item; the highest send among the messages shown.
  readonly last = new GrowingU32();
  readonly highestShown = new GrowingU32();

  send(message: number, user: number): void {
    const item = this.#append(message, user, 1);
    this.sendOf.set(message, item);
    // What this user has had since the last send is a cause now. The last send is one, and what was before it was one already.
    for (let cause = this.before.get(item); cause !== 0; cause = this.before.get(cause)) {
      const of = this.message.get(cause);
      if (this.firstEffect.get(of) === 0) this.firstEffect.set(of, item);
      if (this.isSend.get(cause) === 1) break;
    }
  }

  show(message: number, user: number): void {
    this.#append(message, user, 0);
    const sent = this.sendOf.get(message);
    if (sent > this.highestShown.get(user)) this.highestShown.set(user, sent);
  }

  #append(message: number, user: number, isSend: 0 | 1): number {
    const item = ++this.count;
    this.message.set(item, message);
    this.isSend.set(item, isSend);
    this.before.set(item, this.last.get(user));
    this.last.set(user, item);
    return item;
  }
}
