// Looks up places of addresses in files that are some 130 MB together. A thread of its own: reading them holds up nothing else, and their memory is free at once when it ends.
import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { Reader } from 'mmdb-lib';

/** @type {Map<string, Reader<any>>} */
const readers = new Map();

function readerOf(path) {
  const reader = readers.get(path) ?? new Reader(readFileSync(path));
  readers.set(path, reader);
  return reader;
}

const { ipv4Path, ipv6Path, language } = workerData;

/** Files in the form of GeoLite2 name a thing in several languages, others in one. */
function nameOf(thing) {
  if (typeof thing === 'string') return thing;
  const names = thing?.names ?? {};
  return names[language] ?? names.en ?? '';
}

function placeOf(address) {
  const found = readerOf(isIPv4(address) ? ipv4Path : ipv6Path).get(address);
  if (!found) return ['', '', ''];
  return [
    found.country_code ?? found.country?.iso_code ?? '',
    nameOf(found.state1 ?? found.subdivisions?.[0]),
    // DB-IP writes the district of a large city behind its name.
    nameOf(found.city).replace(/\s*\([^()]*\)$/, ''),
  ];
}

parentPort?.on('message', (addresses) => {
  try {
    parentPort?.postMessage({ places: addresses.map(placeOf) });
  } catch (error) {
    parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
});
