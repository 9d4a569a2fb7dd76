import { defineSource } from '../../source.ts';
import { type OnecOdataSettings, onecOdataSettings } from './settings.ts';
import { orders, payments } from './streams.ts';

/** A 1C base that publishes its standard OData interface: УТ 11, КА 2, ERP 2, БП 3.0, УНФ. */
export const onecOdata = defineSource<OnecOdataSettings>({
  type: '1c-odata',
  title: { en: '1C (OData)', ru: '1С (OData)' },
  docs: 'https://its.1c.ru/db/v8327doc#bookmark:dev:TI000001358',
  isAccounting: true,
  settings: onecOdataSettings,
  secrets: (settings) => [settings.password],
  rate: () => ({ perSecond: 5, burst: 5 }),
  streams: [orders, payments],
});
