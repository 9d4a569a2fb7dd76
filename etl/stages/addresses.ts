import { dataCentreOf } from '../../domain/network/data-centre-of.ts';
import { dataCentresVersion } from '../../domain/network/data-centres.ts';
import { isPublicAddress } from '../../domain/network/is-public-address.ts';
import { findPlaces, type PlaceSettings, placesVersion, usualPlaces } from './addresses/place-database.ts';
import type { StageContext } from './stage-context.ts';

const settingsOf = ({ rules }: StageContext): PlaceSettings => rules.places ?? usualPlaces;

/** Under which stored readings of addresses are found: it changes with the file of places and with the list of clouds. */
export const addressRulesVersion = (context: StageContext): string =>
  `${dataCentresVersion} ${placesVersion(settingsOf(context))}`;

/** Reads where addresses are that were met for the first time. They are cut to /24 or /48, and so are their places. */
export async function readNewAddresses(context: StageContext, addresses: readonly string[]): Promise<void> {
  if (addresses.length === 0) return;
  const rules_version = addressRulesVersion(context);
  const known = addresses.filter(isPublicAddress);
  const places = await findPlaces(known, settingsOf(context));
  const placeOf = new Map(known.map((ip, number) => [ip, places[number]]));
  const rows = addresses.map((ip) => {
    const { country, region, city } = placeOf.get(ip) ?? { country: '', region: '', city: '' };
    return { ip, country, region, city, data_centre: dataCentreOf(ip), rules_version };
  });
  await context.warehouse.insertRows('addresses', rows);
}
