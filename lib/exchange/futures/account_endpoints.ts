/**
 * Requests about the account, and the keys of its stream.
 *
 * @module
 */

import { formatMoney } from "../account/money.ts";
import { refuse } from "../binance/errors.ts";
import { listenKeyExpired } from "./user_events.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { Endpoints } from "../rest/router.ts";
import type { FuturesContext } from "./context.ts";
import { readSymbol } from "./order_request.ts";
import { entryText, markText, notionalText } from "../market/price_texts.ts";

/** Largest value of a position, as answers name it; it is not enforced. */
const MAX_NOTIONAL = "100000000";

/** Positions, balance, account, listen keys. */
export function accountEndpoints(context: FuturesContext): Endpoints {
  const { listenKeys, userStream, markets } = context;
  return {
    "GET /fapi/v2/positionRisk": {
      security: "signed",
      weight: 5,
      handle: (params) => {
        const symbols = params.optional("symbol") === undefined
          ? markets.symbols
          : [readSymbol(params, markets)];
        return symbols.map((symbol) => positionJson(symbol, context));
      },
    },
    "GET /fapi/v2/balance": {
      security: "signed",
      weight: 5,
      handle: () => [balanceJson(context)],
    },
    "GET /fapi/v2/account": {
      security: "signed",
      weight: 5,
      handle: () => accountJson(context),
    },
    "POST /fapi/v1/listenKey": {
      security: "key",
      weight: 1,
      handle: () => ({ listenKey: listenKeys.create() }),
    },
    "PUT /fapi/v1/listenKey": {
      security: "key",
      weight: 1,
      handle: () => {
        const listenKey = listenKeys.keepAlive();
        if (listenKey === undefined) throw refuse.listenKey();
        return { listenKey };
      },
    },
    "DELETE /fapi/v1/listenKey": {
      security: "key",
      weight: 1,
      handle: () => {
        const listenKey = listenKeys.remove();
        if (listenKey !== undefined) userStream.end(listenKey, listenKeyExpired(listenKey));
        return {};
      },
    },
  };
}

function positionJson(
  symbol: PaperSymbol,
  { ledger, markets }: FuturesContext,
): Record<string, unknown> {
  const { position, updatedAt } = ledger.of(symbol);
  const { markTick } = markets.of(symbol);
  const entryPrice = entryText(symbol, position);
  return {
    symbol: symbol.name,
    positionAmt: symbol.lots.format(position.lots),
    entryPrice,
    breakEvenPrice: entryPrice,
    markPrice: markText(symbol, markTick),
    unRealizedProfit: formatMoney(ledger.unrealizedOf(symbol)),
    liquidationPrice: "0",
    leverage: String(ledger.leverage),
    maxNotionalValue: MAX_NOTIONAL,
    marginType: "cross",
    isolatedMargin: "0.00000000",
    isAutoAddMargin: "false",
    positionSide: "BOTH",
    notional: notionalText(symbol, position.lots, markTick),
    isolatedWallet: "0",
    updateTime: updatedAt,
  };
}

/** Wallet, profit and margin, at the markets' present prices. */
function figures({ ledger, desk }: FuturesContext) {
  const unrealized = ledger.unrealizedProfit;
  const positionMargin = ledger.initialMargin([]);
  const margin = ledger.initialMargin(desk.orders.open());
  const available = ledger.wallet + unrealized - margin;
  return {
    wallet: formatMoney(ledger.wallet),
    unrealized: formatMoney(unrealized),
    positionMargin: formatMoney(positionMargin),
    orderMargin: formatMoney(margin - positionMargin),
    margin: formatMoney(margin),
    equity: formatMoney(ledger.wallet + unrealized),
    available: formatMoney(available > 0n ? available : 0n),
  };
}

function balanceJson(context: FuturesContext): Record<string, unknown> {
  const { wallet, unrealized, available } = figures(context);
  return {
    accountAlias: "paper",
    asset: context.asset,
    balance: wallet,
    crossWalletBalance: wallet,
    crossUnPnl: unrealized,
    availableBalance: available,
    maxWithdrawAmount: available,
    marginAvailable: true,
    updateTime: Date.now(),
  };
}

function accountJson(context: FuturesContext): Record<string, unknown> {
  const { wallet, unrealized, positionMargin, orderMargin, margin, equity, available } = figures(
    context,
  );
  return {
    feeTier: 0,
    feeBurn: false,
    canTrade: true,
    canDeposit: false,
    canWithdraw: false,
    updateTime: 0,
    multiAssetsMargin: false,
    tradeGroupId: -1,
    totalInitialMargin: margin,
    totalMaintMargin: "0.00000000",
    totalWalletBalance: wallet,
    totalUnrealizedProfit: unrealized,
    totalMarginBalance: equity,
    totalPositionInitialMargin: positionMargin,
    totalOpenOrderInitialMargin: orderMargin,
    totalCrossWalletBalance: wallet,
    totalCrossUnPnl: unrealized,
    availableBalance: available,
    maxWithdrawAmount: available,
    assets: [{
      asset: context.asset,
      walletBalance: wallet,
      unrealizedProfit: unrealized,
      marginBalance: equity,
      maintMargin: "0.00000000",
      initialMargin: margin,
      positionInitialMargin: positionMargin,
      openOrderInitialMargin: orderMargin,
      crossWalletBalance: wallet,
      crossUnPnl: unrealized,
      availableBalance: available,
      maxWithdrawAmount: available,
      marginAvailable: true,
      updateTime: Date.now(),
    }],
    positions: context.markets.symbols.map((symbol) => accountPositionJson(symbol, context)),
  };
}

function accountPositionJson(
  symbol: PaperSymbol,
  { ledger }: FuturesContext,
): Record<string, unknown> {
  const { position, updatedAt } = ledger.of(symbol);
  return {
    symbol: symbol.name,
    unrealizedProfit: formatMoney(ledger.unrealizedOf(symbol)),
    leverage: String(ledger.leverage),
    isolated: false,
    entryPrice: entryText(symbol, position),
    breakEvenPrice: entryText(symbol, position),
    maxNotional: MAX_NOTIONAL,
    bidNotional: "0",
    askNotional: "0",
    positionSide: "BOTH",
    positionAmt: symbol.lots.format(position.lots),
    updateTime: updatedAt,
  };
}
