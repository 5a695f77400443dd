import { CAPACITY_SETTINGS } from '../../base/errors.ts';
import { openColumns } from '../../kernel/world.ts';
import type { Run } from '../../run/run.ts';
import { openPairMap, pairMapColumns } from '../../system/state/pair-map.ts';
import type { Structure } from '../protocol.ts';
import { type Called, fact, MOST_ENTRIES, mapOf, moment, number, type StationParts } from './words.ts';

/** The database: the history, newest first, and the hash map that finds a row by channel and sequence number. */
export function inspectDatabase(run: Run, names: Called): StationParts {
  const { history, idempotency } = run.system.context;
  const { sender, nth, channel, seq, sentUs } = history.columns;
  const rows = history.rows();
  const newest: { key: string; value: string }[] = [];
  for (let row = rows - 1; row >= 0 && newest.length < MOST_ENTRIES; row--) {
    newest.push({
      key: `${names.channel(channel[row]!)} ${number(seq[row]!)}`,
      value: `${names.message(sender[row]!, nth[row]!)}, sent at ${moment(sentUs[row]!)}`,
    });
  }
  const structures: Structure[] = [mapOf('history, newest first', rows, newest)];
  if (rows > 0) structures.push(indexAt(run, names, rows - 1));
  if (idempotency !== null) {
    structures.push(mapOf('messages seen, by sender and number (deduplication)', idempotency.size(), []));
  }
  return {
    facts: [fact('rows', `${number(rows)} of at most ${number(sender.length)}`)],
    structures,
  };
}

/** The places of the hash map that are looked at to find one row: its own, after those that others have taken. */
function indexAt(run: Run, names: Called, row: number): Structure {
  const { world, history } = run.system.context;
  const columns = openColumns(world, pairMapColumns('historyIndex', run.system.sizes.history));
  const index = openPairMap(columns, 'history', CAPACITY_SETTINGS.everSent);
  const places = index.probe(history.columns.channel[row]!, history.columns.seq[row]!);
  const entries = places.map((place) => {
    const value = columns.table[3 * place + 2]!;
    return {
      key: `place ${number(place)}`,
      value:
        value === 0
          ? 'empty'
          : `${names.channel(columns.table[3 * place]!)} ${number(columns.table[3 * place + 1]!)} is row ${number(value)}`,
    };
  });
  return mapOf(
    'index: channel and number to row (hash map, linear probing)',
    index.size(),
    entries,
    entries.length - 1,
  );
}
