/** The simulated shop: an independent truth. It never imports the product. */
export { type BrowserJourney, type BrowserRun, browserJourneys, runBrowserJourneys } from './browser-journeys.ts';
export { collectRequests, ingestRows } from './browser-payloads.ts';
export { site, sourceIds, spamStage } from './catalogue.ts';
export { type Delivered, type DeliverOptions, deliver } from './deliver.ts';
export { createLedger, type LedgerAnswer, type LedgerQuestion, ledgerOf, type PhaseLedger } from './ledger.ts';
export { type PostedRun, postBrowserJourneys } from './posted-journeys.ts';
export { type ScenarioName, scenarioNames } from './scenario-names.ts';
export { collectorHost, hostResolverRules, type ShopServer, startShop } from './shop-server.ts';
export { type StandIns, sourcesConfig, startStandIns } from './stand-ins/index.ts';
export { models } from './truth/credit.ts';
export { dimensions } from './truth/dimensions.ts';
export { metricNames } from './truth/metrics.ts';
export { dateBases } from './truth/placements.ts';
export { createWorld, type Phase, phases, type World, type WorldOptions } from './world.ts';
