import iconv from 'iconv-lite';
import { toInstant } from '../../domain/time.ts';

/** Orders for 1C: there never are any, because we only read. */
export const emptyOrders = (nowMs: number): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация ВерсияСхемы="2.10" ДатаФормирования="${toInstant(nowMs).slice(0, 19)}"></КоммерческаяИнформация>\n`;

/**
 * Statuses and payment systems for the mapping table of 1C: none. The first letter of the statuses' element is a Latin C:
 * 1C compares the name byte by byte. https://dev.1c-bitrix.ru/api_help/sale/algorithms/data_2_site.php
 */
export const emptyInfo = (): Buffer =>
  iconv.encode(
    '<?xml version="1.0" encoding="windows-1251"?>\n<Справочник><Cтатусы></Cтатусы><ПлатежныеСистемы></ПлатежныеСистемы></Справочник>\n',
    'windows-1251',
  );
