import { SaxesParser } from 'saxes';
import { SourceError } from '../../errors.ts';

/** Fields of each entity and of the rows of its tabular parts, by name: `Document_ЗаказКлиента`, `Document_ЗаказКлиента_Товары`. */
export type OdataMetadata = ReadonlyMap<string, ReadonlySet<string>>;

const sliceCharacters = 65_536;

/**
 * Reads $metadata, keeping the entities that `isWanted` names: the document of a large base is tens of megabytes.
 * Throws SourceError when it is no metadata.
 */
export function parseMetadata(xml: string, isWanted: (entity: string) => boolean): OdataMetadata {
  const entities = new Map<string, Set<string>>();
  let current: Set<string> | undefined;
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw new SourceError(
      'transient',
      `the description of the base ($metadata) is cut off or damaged: ${error.message}`,
    );
  });
  parser.on('doctype', () => {
    throw new SourceError(
      'settings',
      'a web page came instead of the description of the base ($metadata): check base_url',
    );
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'EntityType' || name === 'ComplexType')
      current = entityFields(entities, attributes.Name ?? '', isWanted);
    else if (name === 'Property') current?.add(attributes.Name ?? '');
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'EntityType' || name === 'ComplexType') current = undefined;
  });
  for (let start = 0; start < xml.length; start += sliceCharacters)
    parser.write(xml.slice(start, start + sliceCharacters));
  parser.close();
  return entities;
}

/** A tabular part is described twice, as an entity and as a row type: both lead to the same name. */
function entityFields(
  entities: Map<string, Set<string>>,
  typeName: string,
  isWanted: (entity: string) => boolean,
): Set<string> | undefined {
  const name = typeName.replace(/_RowType$/, '');
  if (!isWanted(name)) return undefined;
  const fields = entities.get(name) ?? new Set<string>();
  entities.set(name, fields);
  return fields;
}
