import { columns, f64, type Opened, u8, u32 } from '../../base/columns.ts';

/** What the broker knows of its subscribers, the servers; for Kafka also its log and each consumer's place in it. */
export const brokerColumns = (
  servers: number,
  shards: number,
  { isKafka, logRecords }: { readonly isKafka: boolean; readonly logRecords: number },
) => {
  const subscriptions = isKafka ? 0 : servers * shards;
  const partitions = isKafka ? shards : 0;
  return columns('broker', {
    /** Redis, [server x shards + shard], a connection each: bytes that the server has not read, at the shard or in the sockets between them. */
    unreadBytes: f64(subscriptions),
    /** Redis: cut off for not keeping up, until (Infinity: it must first read what lies in the sockets); over the soft limit since, or -1. */
    cutUntilUs: f64(subscriptions),
    softSinceUs: f64(subscriptions),
    /** Kafka: records ever appended to a partition; they lie at [partition x ring + offset modulo ring]. */
    appended: u32(partitions),
    logSender: u32(partitions * logRecords),
    logNth: u32(partitions * logRecords),
    logChannel: u32(partitions * logRecords),
    logSeq: u32(partitions * logRecords),
    logFlags: u32(partitions * logRecords),
    logSentUs: f64(partitions * logRecords),
    /**
     * Kafka: next offset to read, the one up to which all is handled, and the committed one, of each server's consumer in each partition; whether it
     * waits for records, or handles some; by when it must have handled them, microseconds, 0: it has none.
     */
    position: u32(servers * partitions),
    handled: u32(servers * partitions),
    committed: u32(servers * partitions),
    polling: u8(servers * partitions),
    handleByUs: f64(servers * partitions),
    /** Kafka: it is time to commit, which a consumer does with its next poll. */
    commitDue: u8(servers * partitions),
    /** Changes when the consumer stops: polls under way are for the one before. */
    session: u32(servers),
  });
};
export type BrokerColumns = Opened<ReturnType<typeof brokerColumns>['columns']>;
