// Writes the Llama 3 vocabulary for engines in other languages: node dump-vocabulary.mjs NODE_MODULES > OUT.json
import { endTokens, readTokens } from './llama3-vocabulary.mjs';

const tokens = readTokens(process.argv[2]).map((bytes) => bytes && Buffer.from(bytes).toString('hex'));
process.stdout.write(JSON.stringify({ tokens, endTokens }));
