import type { Design, Workload } from '../../system/design/design.ts';
import { channelByName, channelNumbers, userByName } from '../../system/design/names.ts';
import {
  nodeByName,
  nodesByName,
  STATION_GROUPS,
  type Station,
  stationList,
} from '../../system/design/stations.ts';
import { ALL_USERS } from '../../system/faults/actions.ts';
import { isUserNode, USER_NODE } from '../../trace/trace.ts';
import { MAX_LINK_USERS } from '../bounds.ts';
import { rightName } from '../text/nearest.ts';
import type { Path, ProblemList } from '../text/problems.ts';
import { show } from '../text/show.ts';
import { findUser } from './normalise-workload.ts';

/** Stands for every user in a link. */
const ALL_CLIENTS = 'clients';

/** Looks names up in one design and workload; a name that is not there is a problem with the nearest right name. */
export class Directory {
  readonly #stations: readonly Station[];
  readonly #workload: Workload;
  readonly #problems: ProblemList;

  constructor(design: Design, workload: Workload, problems: ProblemList) {
    this.#stations = stationList(design);
    this.#workload = workload;
    this.#problems = problems;
  }

  user(name: string, path: Path): number {
    return findUser(this.#workload, name, path, this.#problems);
  }

  /** A channel by its name, or -1 and a problem. */
  channel(name: string, path: Path): number {
    const channel = channelByName(this.#workload, name);
    if (channel === null) this.#problems.add(path, () => this.#noSuchChannel(name));
    return channel ?? -1;
  }

  /** Where a message of a user goes: a channel, or the named channel of just the two when a user is named. */
  destination(from: number, name: string, path: Path): number {
    const user = channelByName(this.#workload, name) === null ? userByName(this.#workload, name) : null;
    if (user === null) return this.channel(name, path);
    const pair = this.#workload.channels.named.findIndex(
      ({ members }) =>
        members.length === 2 && members.includes(from) && members.includes(user) && from !== user,
    );
    if (pair < 0) {
      this.#problems.add(
        path,
        `no named channel has just the sender and ${name}; name a channel, or add one under workload.channels.named`,
      );
    }
    return pair;
  }

  /** The nodes of stations by name; a word for a kind stands for all of it. */
  stations(names: readonly string[], path: Path): number[] {
    return this.#nodes(names, path, false);
  }

  /** The nodes of stations and users by name, for one side of a link; `clients` stands for every user. */
  nodes(names: readonly string[], path: Path): number[] {
    const nodes = this.#nodes(names, path, true);
    const users = nodes.filter(isUserNode).length;
    if (users > MAX_LINK_USERS) {
      this.#problems.add(
        path,
        `one side of a link names ${users} users; at most ${MAX_LINK_USERS}, or write ${ALL_CLIENTS} for all`,
      );
    }
    return nodes;
  }

  #nodes(names: readonly string[], path: Path, users: boolean): number[] {
    const found = new Set<number>();
    names.forEach((name, i) => {
      const nodes = nodesByName(this.#stations, name);
      for (const node of nodes) found.add(node);
      if (nodes.length > 0) return;
      const user = users ? userByName(this.#workload, name) : null;
      if (users && name === ALL_CLIENTS) found.add(ALL_USERS);
      else if (user !== null) found.add(USER_NODE + user);
      else this.#problems.add([...path, i], () => this.#noSuchNode(name, users));
    });
    return [...found];
  }

  #noSuchNode(name: string, users: boolean): string {
    const kind = Object.keys(STATION_GROUPS).find((word) => word === name);
    if (kind !== undefined) return `this design has no ${kind}; leave it out`;
    const numbered = /^(.*)-\d+$/.exec(name)?.[1] ?? '';
    const ofKind = this.#stations.filter((station) => station.name.startsWith(`${numbered}-`));
    if (numbered !== '' && ofKind.length > 0 && nodeByName(this.#stations, name) === null) {
      return `there is no station ${show(name)}; ${ofKind.length === 1 ? `there is only ${ofKind[0]!.name}` : `there are ${ofKind[0]!.name} to ${ofKind[ofKind.length - 1]!.name}`}`;
    }
    const candidates = [
      ...new Set([...this.#stations.map((station) => station.name), ...Object.keys(STATION_GROUPS)]),
    ];
    return users
      ? `there is no station or user ${show(name)}; ${rightName(name, [...this.#workload.userNames, ALL_CLIENTS, ...candidates])}`
      : `there is no station ${show(name)}; ${rightName(name, candidates)}`;
  }

  #noSuchChannel(name: string): string {
    const { named, everyone, private: pairs } = this.#workload.channels;
    const { count, firstGroup } = channelNumbers(this.#workload);
    const drawn = { private: pairs, group: count - firstGroup };
    const kind = /^(private|group)-\d+$/.exec(name)?.[1] as keyof typeof drawn | undefined;
    const names = [...named.map((channel) => channel.name), ...(everyone === null ? [] : [everyone])];
    const shown = Object.entries(drawn).filter(
      ([of, n]) => n > 0 && (kind === undefined ? names.length === 0 : of === kind),
    );
    if (shown.length === 0) return `there is no channel ${show(name)}; ${rightName(name, names)}`;
    const ranges = shown.map(([of, n]) => `${of}-1 to ${of}-${n}`);
    return `there is no channel ${show(name)}; there are ${ranges.join(' and ')}`;
  }
}
