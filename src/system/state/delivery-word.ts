/** Operand b of DELIVERY_AT_GATEWAY: the copy, and in the upper byte how often this delivery was sent before. */
const COPY_BITS = 24;

export const deliveryWord = (copy: number, sentBefore: number): number =>
  ((sentBefore << COPY_BITS) | copy) >>> 0;
export const copyOfDelivery = (word: number): number => word & ((1 << COPY_BITS) - 1);
export const sentBeforeOf = (word: number): number => word >>> COPY_BITS;
