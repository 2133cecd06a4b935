/** Reads the fenced blocks of a Markdown file. */

/**
 * @typedef {object} Block
 * @property {number} line the line of the opening fence, from 1
 * @property {string} language the first word after the fence
 * @property {string} note what stands after that word
 * @property {string} text
 */

/**
 * @param {string} markdown
 * @returns {{ blocks: Block[], unclosed: number | undefined, prose: string }} the blocks in order, the line of a fence
 *   that never ends, and everything that is not in a block
 */
export function readBlocks(markdown) {
  const blocks = [];
  const prose = [];
  let open;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^( {0,3})(`{3,})\s*(\S*)\s*(.*)$/.exec(line);
    if (open === undefined && fence) {
      const [, indent, ticks, language, note] = fence;
      open = { line: index + 1, indent: indent.length, ticks: ticks.length, language, note: note.trim(), lines: [] };
    } else if (open === undefined) {
      prose.push(line);
    } else if (fence && fence[2].length >= open.ticks && fence[3] === '') {
      const { line: start, language, note, lines } = open;
      blocks.push({ line: start, language, note, text: lines.map((one) => `${one}\n`).join('') });
      open = undefined;
    } else {
      open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    }
  }
  return { blocks, unclosed: open?.line, prose: prose.join('\n') };
}
