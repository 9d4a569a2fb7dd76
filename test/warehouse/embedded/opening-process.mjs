// Opens the database of a data folder, says so on standard output, and stays until it is killed.
// node opening-process.mjs DATA_FOLDER
import { openWarehouse } from '../../../dist/warehouse/open.js';

await openWarehouse({ dataDir: process.argv[2], env: {} });
process.stdout.write('open\n');
setInterval(() => {}, 60_000);
