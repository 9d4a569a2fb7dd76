import type { Stream } from '../../source.ts';
import { readList } from './read-list.ts';
import { createRestClient } from './rest-client.ts';
import { multifield, type Row, refuseUndated, textField } from './row.ts';
import type { Bitrix24Settings } from './settings.ts';

/** Phones and e-mails of contact cards; names are not asked for. https://apidocs.bitrix24.ru/api-reference/crm/contacts/crm-contact-list.html */
export const contacts: Stream<Bitrix24Settings, Row> = {
  name: 'contacts',
  entity: 'client',
  key: 'ID',
  cursor: 'updated_at',
  writeMode: 'merge',
  read: (context) =>
    readList(context, createRestClient(context), {
      method: 'crm.contact.list',
      select: ['ID', 'DATE_CREATE', 'DATE_MODIFY', 'PHONE', 'EMAIL'],
      isOfList: (row) => !('STAGE_ID' in row) && !('STATUS_ID' in row),
    }),
  toRecords(row, { sourceId }) {
    const undated = refuseUndated('contacts', row);
    if (undated !== undefined) return [undated];
    const input = {
      source: sourceId,
      id: row.ID,
      phones: multifield(row, 'PHONE'),
      emails: multifield(row, 'EMAIL'),
      updated_at: textField(row, 'DATE_MODIFY'),
    };
    return [{ ok: true, item: { entity: 'client', input } }];
  },
};
