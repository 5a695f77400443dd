/**
 * A chat server in memory, as one writes it in an afternoon: each channel has a log, and the server remembers for each member how far in
 * the log it is. A message is pushed to the connections a moment after it was sent.
 *
 * `moves: 'when-queued'` is the mistake: the place in the log moves on when the message is queued for a connection. If that connection is cut
 * before it has taken the message, nobody will send it again. `moves: 'when-shown'` is right.
 */
export class ChatServer {
  #members;
  #moves;
  #logs = new Map();
  #places = new Map();
  #connections = new Map();

  constructor(members, { moves }) {
    this.#members = members;
    this.#moves = moves;
    for (const [channel, users] of Object.entries(members)) {
      this.#logs.set(channel, []);
      for (const user of users) this.#places.set(`${channel}/${user}`, 0);
    }
  }

  /** The user is there; what was missed is shown first. */
  connect(user, show) {
    const connection = { user, show };
    this.#connections.set(user, connection);
    for (const [channel, users] of Object.entries(this.#members))
      if (users.includes(user)) this.#push(channel, connection);
  }

  disconnect(user) {
    this.#connections.delete(user);
  }

  send(user, channel, message) {
    this.#logs.get(channel).push({ user, message });
    for (const member of this.#members[channel]) {
      const connection = this.#connections.get(member);
      if (connection !== undefined) this.#push(channel, connection);
    }
    return true;
  }

  #push(channel, connection) {
    const log = this.#logs.get(channel);
    const key = `${channel}/${connection.user}`;
    if (this.#moves === 'when-queued') {
      const queued = log.slice(this.#places.get(key));
      this.#places.set(key, log.length);
      queueMicrotask(() => this.#show(channel, connection, queued));
    } else {
      queueMicrotask(() => {
        const queued = log.slice(this.#places.get(key));
        if (this.#show(channel, connection, queued)) this.#places.set(key, log.length);
      });
    }
  }

  /** Whether the connection was still there to show it. */
  #show(channel, connection, queued) {
    if (this.#connections.get(connection.user) !== connection) return false;
    for (const { user, message } of queued) if (user !== connection.user) connection.show(channel, message);
    return true;
  }
}

/** The four functions that fanout/testkit asks for. */
export const start = (moves) => (members) => {
  const server = new ChatServer(members, { moves });
  return {
    connect: (user, show) => server.connect(user, show),
    send: (user, channel, message) => server.send(user, channel, message),
    disconnect: (user) => server.disconnect(user),
    settle: () => new Promise((resolve) => setTimeout(resolve)),
  };
};

export const guarantees = ['no-loss', 'no-duplicates', 'per-channel-order', 'authorised-only'];
