/** A project of JavaScript files that is the same on every machine. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes files of about 60 lines: classes, functions, calls between neighbours, request data that ends in a query.
 * @param {string} folder
 * @param {number} count
 */
export function writeProject(folder, count) {
  for (let index = 0; index < count; index += 1) {
    const path = join(folder, `part-${Math.floor(index / 10)}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, `module-${index}.js`), moduleText(index, count));
  }
}

function moduleText(index, count) {
  const next = (index + 1) % count;
  const methods = Array.from(
    { length: 8 },
    (_, at) => `  step${at}(value) {
    // Step ${at} of module ${index}.
    const scaled = value * ${at + 1} + this.offset;
    return scaled > 100 ? compute${next}(scaled - 100) : scaled;
  }`,
  );
  return `import { compute${next} } from '../part-${Math.floor(next / 10)}/module-${next}.js';

/** Works on numbers. */
export class Worker${index} {
  constructor(offset) {
    this.offset = offset;
  }

${methods.join('\n\n')}
}

export function compute${index}(value) {
  return new Worker${index}(value).step0(value % 7);
}

export function find${index}(request, database) {
  const { name } = request.query;
  return database.query('SELECT * FROM parts WHERE name = ?', [name]);
}
`;
}
