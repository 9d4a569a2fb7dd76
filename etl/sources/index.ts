import type { SourceDefinition } from '../source.ts';
import { bitrix24 } from './bitrix24/definition.ts';
import { onecExchange } from './onec-commerceml/definition.ts';
import { onecOdata } from './onec-odata/definition.ts';
import { yandexDirect } from './yandex-direct/definition.ts';

/** Every connector there is. A new one is a folder beside these, a line here and fixture pages for the contract test. */
export const sources: readonly SourceDefinition[] = [bitrix24, yandexDirect, onecOdata, onecExchange];
