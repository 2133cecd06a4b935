/**
 * A driver that keeps its tables in memory, for the demo and the tests. It evaluates the part of SQL that the desk
 * speaks: SELECT ... WHERE ... ORDER BY ... LIMIT, INSERT and UPDATE, with AND, OR, =, <>, LIKE, IS [NOT] NULL, `||`.
 */
export function createMemoryDriver(tables = {}) {
  const store = new Map(Object.entries(tables).map(([name, rows]) => [name, rows.map((row) => ({ ...row }))]));
  return {
    async query(sql, params = []) {
      return new Statement(sql, params, store).run();
    },
  };
}

const TOKEN = /\s*(?:--[^\n]*|('(?:[^']|'')*')|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(<>|\|\||[=,()?*]))/y;

function tokenize(sql) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (sql.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(sql);
    if (found === null) throw new Error(`SQL: cannot read on at character ${at}`);
    const [, text, number, word, sign] = found;
    if (text !== undefined) tokens.push({ kind: 'value', value: text.slice(1, -1).replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'value', value: Number(number) });
    else if (word !== undefined) tokens.push({ kind: 'word', word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', sign });
  }
  return tokens;
}

class Statement {
  constructor(sql, params, store) {
    this.tokens = tokenize(sql);
    this.at = 0;
    this.params = [...params];
    this.store = store;
  }

  run() {
    if (this.word('SELECT')) return this.select();
    if (this.word('INSERT')) return this.insert();
    if (this.word('UPDATE')) return this.update();
    throw new Error('SQL: only SELECT, INSERT and UPDATE are known');
  }

  select() {
    const columns = this.list(() => (this.sign('*') ? '*' : this.name()));
    this.expectWord('FROM');
    const table = this.table(this.name());
    const keep = this.where();
    let rows = table.filter((row) => keep(row));
    if (this.word('ORDER')) {
      this.expectWord('BY');
      const column = this.name();
      const sign = this.word('DESC') ? -1 : 1;
      this.word('ASC');
      rows = rows.sort((a, b) => (a[column] < b[column] ? -sign : a[column] > b[column] ? sign : 0));
    }
    if (this.word('LIMIT')) rows = rows.slice(0, this.value()({}));
    this.end();
    return { rows: rows.map((row) => pick(row, columns)) };
  }

  insert() {
    this.expectWord('INTO');
    const table = this.table(this.name());
    const columns = this.group(() => this.name());
    this.expectWord('VALUES');
    const values = this.group(() => this.value());
    this.end();
    const id = table.reduce((highest, row) => Math.max(highest, row.id ?? 0), 0) + 1;
    table.push({ id, ...Object.fromEntries(columns.map((column, index) => [column, values[index]({})])) });
    return { rows: [], lastId: id };
  }

  update() {
    const table = this.table(this.name());
    this.expectWord('SET');
    const changes = this.list(() => {
      const column = this.name();
      this.expectSign('=');
      return [column, this.value()];
    });
    const keep = this.where();
    this.end();
    for (const row of table.filter((candidate) => keep(candidate))) {
      for (const [column, value] of changes) row[column] = value(row);
    }
    return { rows: [] };
  }

  where() {
    return this.word('WHERE') ? this.either() : () => true;
  }

  either() {
    const parts = [this.both()];
    while (this.word('OR')) parts.push(this.both());
    return (row) => parts.some((part) => part(row));
  }

  both() {
    const parts = [this.comparison()];
    while (this.word('AND')) parts.push(this.comparison());
    return (row) => parts.every((part) => part(row));
  }

  comparison() {
    const left = this.value();
    if (this.word('IS')) {
      const negated = this.word('NOT');
      this.expectWord('NULL');
      return (row) => ((left(row) ?? null) === null) !== negated;
    }
    if (this.word('LIKE')) {
      const pattern = this.value();
      return (row) => isLike(left(row), pattern(row));
    }
    const equal = this.sign('=');
    if (!equal) this.expectSign('<>');
    const right = this.value();
    return (row) => (left(row) === right(row)) === equal;
  }

  value() {
    const parts = [this.single()];
    while (this.sign('||')) parts.push(this.single());
    return parts.length === 1 ? parts[0] : (row) => parts.map((part) => part(row)).join('');
  }

  single() {
    const token = this.tokens[this.at];
    this.at += 1;
    if (token?.kind === 'value') return () => token.value;
    if (token?.kind === 'word') return token.word === 'NULL' ? () => null : (row) => row[token.word];
    if (token?.sign !== '?') throw new Error('SQL: a value is missing');
    if (this.params.length === 0) throw new Error('SQL: fewer values than question marks');
    const value = this.params.shift();
    return () => value;
  }

  list(read) {
    const items = [read()];
    while (this.sign(',')) items.push(read());
    return items;
  }

  group(read) {
    this.expectSign('(');
    const items = this.list(read);
    this.expectSign(')');
    return items;
  }

  table(name) {
    if (!this.store.has(name)) throw new Error(`SQL: no table ${name}`);
    return this.store.get(name);
  }

  name() {
    const token = this.tokens[this.at];
    if (token?.kind !== 'word') throw new Error('SQL: a name is missing');
    this.at += 1;
    return token.word;
  }

  word(word) {
    const found = this.tokens[this.at]?.word === word;
    if (found) this.at += 1;
    return found;
  }

  sign(sign) {
    const found = this.tokens[this.at]?.sign === sign;
    if (found) this.at += 1;
    return found;
  }

  expectWord(word) {
    if (!this.word(word)) throw new Error(`SQL: ${word} is missing`);
  }

  expectSign(sign) {
    if (!this.sign(sign)) throw new Error(`SQL: ${sign} is missing`);
  }

  end() {
    if (this.at < this.tokens.length) throw new Error('SQL: more than one statement');
    if (this.params.length > 0) throw new Error('SQL: more values than question marks');
  }
}

function pick(row, columns) {
  if (columns.includes('*')) return { ...row };
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

/** LIKE as the shops' databases do it: % stands for anything, _ for one character, case is ignored. */
function isLike(text, pattern) {
  const given = String(text).toLowerCase();
  const wanted = String(pattern).toLowerCase();
  let at = 0;
  let next = 0;
  let wildcard = -1; // where the last % stands, and how much of the text it has taken so far
  let taken = 0;
  while (at < given.length) {
    if (wanted[next] === '%') {
      wildcard = next;
      taken = at;
      next += 1;
    } else if (wanted[next] === '_' || wanted[next] === given[at]) {
      at += 1;
      next += 1;
    } else if (wildcard >= 0) {
      taken += 1;
      at = taken;
      next = wildcard + 1;
    } else {
      return false;
    }
  }
  while (wanted[next] === '%') next += 1;
  return next === wanted.length;
}
