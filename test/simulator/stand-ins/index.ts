import { sourceIds } from '../catalogue.ts';
import type { Phase, World } from '../world.ts';
import { type Bitrix24StandIn, startBitrix24 } from './bitrix24.ts';
import { type Pushed, type PushOptions, pushOneC } from './onec-exchange.ts';
import { type OdataStandIn, startOdata } from './onec-odata.ts';
import { type DirectStandIn, startDirect } from './yandex-direct.ts';

export interface StandIns {
  /** URL of the incoming webhook. */
  readonly bitrix24Url: string;
  readonly odataUrl: string;
  readonly odataLogin: string;
  readonly odataPassword: string;
  readonly directUrl: string;
  readonly directToken: string;
  readonly bitrix24: Bitrix24StandIn;
  readonly odata: OdataStandIn;
  readonly direct: DirectStandIn;
  readonly faults: {
    readonly bitrix24: Bitrix24StandIn['faults'];
    readonly odata: OdataStandIn['faults'];
    readonly direct: DirectStandIn['faults'];
  };
  /** 1C pushes the orders of its exchange, as they are in the phase reached. */
  pushOneC(baseUrl: string, options: PushOptions): Promise<Pushed>;
  setPhase(phase: Phase): void;
  stop(): Promise<void>;
}

/** Starts the systems around the shop on free ports of 127.0.0.1. */
export async function startStandIns(world: World): Promise<StandIns> {
  const [bitrix24, odata, direct] = await Promise.all([startBitrix24(world), startOdata(world), startDirect(world)]);
  const servers = [bitrix24, odata, direct];
  let phase: Phase = 'initial';
  return {
    bitrix24Url: bitrix24.webhookUrl,
    odataUrl: odata.odataUrl,
    odataLogin: odata.login,
    odataPassword: odata.password,
    directUrl: direct.url,
    directToken: direct.token,
    bitrix24,
    odata,
    direct,
    faults: { bitrix24: bitrix24.faults, odata: odata.faults, direct: direct.faults },
    pushOneC: (baseUrl, options) => pushOneC(world, phase, baseUrl, options),
    setPhase: (next) => {
      phase = next;
      for (const server of servers) server.setPhase(next);
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** `sources:` of a configuration that reads the stand-ins, in the form of the configuration file. */
export function sourcesConfig(standIns: StandIns, exchange: PushOptions): readonly Record<string, unknown>[] {
  return [
    {
      id: sourceIds.crm,
      type: 'bitrix24',
      url: standIns.bitrix24Url,
      fields: {
        visit_code: 'UF_CRM_TL_CODE',
        visit: 'UF_CRM_TL_VISIT',
        visitor: 'UF_CRM_TL_VISITOR',
        cogs: 'UF_CRM_TL_COGS',
        delivery_cost: 'UF_CRM_TL_DELIVERY',
        lost_reason: 'UF_CRM_TL_LOSS',
      },
    },
    {
      id: sourceIds.direct,
      type: 'yandex-direct',
      token: standIns.directToken,
      base_url: standIns.directUrl,
      vat: 'included',
    },
    {
      id: sourceIds.odata,
      type: '1c-odata',
      base_url: standIns.odataUrl,
      login: standIns.odataLogin,
      password: standIns.odataPassword,
      configuration: 'ut',
      window_days: 400,
    },
    { id: sourceIds.exchange, type: '1c-exchange', login: exchange.login, password: exchange.password },
  ];
}
