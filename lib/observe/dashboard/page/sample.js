/**
 * Columns of a sample; a price is followed by its quantity where it has one.
 */

export const TIME = 0;
export const BID = 1;
export const ASK = 2;
export const BUY = 3;
export const SELL = 5;
export const TRADES = 7;
export const EVENTS = 8;
export const POSITION = 9;
export const OWN_BID = 10;
export const OWN_ASK = 11;
export const OWN_BUY = 12;
export const OWN_SELL = 14;
