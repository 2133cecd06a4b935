const custom = Symbol.for('nodejs.util.inspect.custom');
const defaults = {
  depth: 2,
  breakLength: 72,
  maxArrayLength: 100,
  maxStringLength: 10000,
  showHidden: false,
  compact: 3,
};

/** A readable text for any value, close to what Node prints. */
export function inspect(value, options, ...legacy) {
  const settings = { ...defaults };
  if (typeof options === 'object' && options !== null) Object.assign(settings, options);
  else if (legacy.length > 0 && legacy[0] !== undefined) settings.depth = legacy[0];
  if (settings.depth === null) settings.depth = Infinity;
  return write(value, settings, 0, []);
}
inspect.custom = custom;
inspect.defaultOptions = defaults;

function write(value, settings, level, seen) {
  switch (typeof value) {
    case 'string':
      return level === 0 && settings.rawString ? value : quote(shorten(value, settings));
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'symbol':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'function':
      return writeObject(value, settings, level, seen, writeFunction(value));
    default:
      if (value === null) return 'null';
      return writeObject(value, settings, level, seen, '');
  }
}

function shorten(text, settings) {
  if (text.length <= settings.maxStringLength) return text;
  return `${text.slice(0, settings.maxStringLength)}... ${text.length - settings.maxStringLength} more characters`;
}

export function quote(text) {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') ? '`' : "'";
  let result = mark;
  for (const character of text) {
    const code = character.codePointAt(0);
    if (character === '\n') result += '\\n';
    else if (character === '\t') result += '\\t';
    else if (character === '\r') result += '\\r';
    else if (character === '\b') result += '\\b';
    else if (character === '\\') result += '\\\\';
    else if (character === mark) result += `\\${mark}`;
    else if (code < 32 || code === 127) result += `\\x${code.toString(16).padStart(2, '0').toUpperCase()}`;
    else if (code >= 0xd800 && code <= 0xdfff) result += `\\u${code.toString(16).toUpperCase()}`;
    else result += character;
  }
  return result + mark;
}

function writeFunction(value) {
  const source = Function.prototype.toString.call(value);
  const isClass = source.startsWith('class');
  const kind = isClass ? 'class' : (value.constructor?.name ?? 'Function');
  if (isClass) {
    const parent = Object.getPrototypeOf(value);
    return `[class ${value.name || '(anonymous)'}${parent?.name ? ` extends ${parent.name}` : ''}]`;
  }
  return value.name ? `[${kind}: ${value.name}]` : `[${kind} (anonymous)]`;
}

function nameOf(value) {
  for (let at = value, steps = 0; at !== null && steps < 100; at = Object.getPrototypeOf(at), steps += 1) {
    const own = Object.getOwnPropertyDescriptor(at, 'constructor');
    if (own !== undefined && typeof own.value === 'function' && own.value.name !== '') return own.value.name;
  }
  return null;
}

function writeObject(value, settings, level, seen, base) {
  if (seen.includes(value)) return '[Circular *1]';
  const writer = value[custom];
  if (typeof writer === 'function' && writer !== inspect) {
    const written = writer.call(value, settings.depth - level, { ...settings, stylize: (text) => text }, inspect);
    if (written !== value) return typeof written === 'string' ? written : write(written, settings, level, seen);
  }
  const keys = Reflect.ownKeys(value).filter((key) => Object.getOwnPropertyDescriptor(value, key)?.enumerable);
  const name = nameOf(value);
  const tag = value[Symbol.toStringTag];
  const label = (usual, size) => {
    const shown = name === null ? `[${usual}: null prototype]` : name;
    const text = size === undefined ? shown : `${shown}(${size})`;
    return typeof tag === 'string' && tag !== '' && tag !== name ? `${text} [${tag}]` : text;
  };
  let prefix = base;
  let entries;
  let brackets = ['{', '}'];
  let shownKeys = keys;
  const inner = [...seen, value];
  const tooDeep = level > settings.depth;
  const next = (item) => write(item, settings, level + 1, inner);

  if (Array.isArray(value)) {
    if (name !== 'Array') prefix = label('Array', value.length);
    brackets = ['[', ']'];
    shownKeys = keys.filter((key) => typeof key === 'symbol' || !/^(0|[1-9]\d*)$/.test(key));
    entries = () => listItems(value, settings, next);
  } else if (value instanceof Set) {
    prefix = label('Set', value.size);
    entries = () => [...value].map(next);
  } else if (value instanceof Map) {
    prefix = label('Map', value.size);
    entries = () => [...value].map(([key, item]) => `${next(key)} => ${next(item)}`);
  } else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    prefix = label('TypedArray', value.length);
    brackets = ['[', ']'];
    shownKeys = [];
    entries = () => listItems(Array.from(value.subarray(0, settings.maxArrayLength)), settings, next);
  } else if (value instanceof ArrayBuffer) {
    prefix = label('ArrayBuffer');
    entries = () => [`byteLength: ${value.byteLength}`];
  } else if (value instanceof Error) {
    prefix = writeError(value);
    shownKeys = keys.filter((key) => key !== 'stack' && key !== 'message');
    entries = () => (value.cause !== undefined && !keys.includes('cause') ? [`[cause]: ${next(value.cause)}`] : []);
  } else if (value instanceof RegExp) {
    prefix = String(value);
  } else if (value instanceof Date) {
    prefix = Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  } else if (value instanceof Promise) {
    prefix = 'Promise';
    entries = () => ['<pending or settled>'];
  } else if (value instanceof WeakMap || value instanceof WeakSet) {
    prefix = label('WeakMap');
    entries = () => ['<items unknown>'];
  } else if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    prefix = `[${name}: ${write(value.valueOf(), settings, level, seen)}]`;
    shownKeys = keys.filter((key) => typeof key === 'symbol' || !/^\d+$/.test(key));
  } else if (base === '') {
    const plain = name === 'Object' && typeof tag !== 'string';
    prefix =
      Object.prototype.toString.call(value) === '[object Arguments]' ? '[Arguments]' : plain ? '' : label('Object');
  }
  const alone = prefix !== '' && entries === undefined && shownKeys.length === 0;
  if (
    alone &&
    (base !== '' ||
      value instanceof RegExp ||
      value instanceof Date ||
      value instanceof Error ||
      prefix.startsWith('['))
  ) {
    if (prefix !== '[Arguments]' && name !== null) return prefix;
  }
  if (tooDeep) return `[${prefix !== '' ? prefix : Array.isArray(value) ? 'Array' : 'Object'}]`;
  const parts = entries === undefined ? [] : entries();
  for (const key of shownKeys) parts.push(writeProperty(value, key, next));
  if (value instanceof Error && parts.length === 0) return prefix;
  return layOut(prefix, parts, brackets, settings);
}

function listItems(value, settings, next) {
  const parts = [];
  const shown = Math.min(value.length, settings.maxArrayLength);
  for (let index = 0; index < shown; index += 1) {
    if (index in value) {
      parts.push(next(value[index]));
      continue;
    }
    let holes = 1;
    while (index + 1 < shown && !(index + 1 in value)) {
      holes += 1;
      index += 1;
    }
    parts.push(`<${holes} empty item${holes === 1 ? '' : 's'}>`);
  }
  if (value.length > shown) parts.push(`... ${value.length - shown} more item${value.length - shown === 1 ? '' : 's'}`);
  return parts;
}

function writeProperty(value, key, next) {
  const name = typeof key === 'symbol' ? `[${String(key)}]` : /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key);
  const descriptor = Object.getOwnPropertyDescriptor(value, key);
  if (descriptor.get !== undefined) return `${name}: [${descriptor.set === undefined ? 'Getter' : 'Getter/Setter'}]`;
  if (descriptor.set !== undefined) return `${name}: [Setter]`;
  return `${name}: ${next(descriptor.value)}`;
}

export function writeError(error) {
  const head = error.message === '' ? String(error.name) : `${error.name}: ${error.message}`;
  const code =
    error.code !== undefined && !head.includes(error.code)
      ? head.replace(error.name, `${error.name} [${error.code}]`)
      : head;
  const stack = typeof error.stack === 'string' ? error.stack.trimEnd() : '';
  if (stack === '') return `[${head}]`;
  return stack.startsWith(error.name) ? stack : `${code}\n${stack}`;
}

function layOut(prefix, parts, [open, close], settings) {
  const start = prefix === '' ? open : `${prefix} ${open}`;
  if (parts.length === 0) return `${start}${close}`;
  const total = parts.reduce((sum, part) => sum + part.length + 2, start.length);
  if (total <= settings.breakLength && !parts.some((part) => part.includes('\n')))
    return `${start} ${parts.join(', ')} ${close}`;
  const indented = parts.map((part) => `  ${part.replaceAll('\n', '\n  ')}`);
  return `${start}\n${indented.join(',\n')}\n${close}`;
}

/** printf-like formatting as `console.log` does it. */
export function format(...args) {
  let index = 0;
  let text = '';
  if (typeof args[0] === 'string') {
    index = 1;
    text = args[0].replace(/%[sdifjoOc%]/g, (mark) => {
      if (mark === '%%') return args.length > 1 ? '%' : '%%';
      if (index >= args.length) return mark;
      const value = args[index];
      index += 1;
      switch (mark) {
        case '%s':
          return typeof value === 'string'
            ? value
            : typeof value === 'object' && value !== null
              ? inspect(value, { depth: 0 })
              : primitive(value);
        case '%d':
          return typeof value === 'bigint' ? `${value}n` : typeof value === 'symbol' ? 'NaN' : String(Number(value));
        case '%i':
          return typeof value === 'bigint' ? `${value}n` : String(Number.parseInt(value, 10));
        case '%f':
          return String(Number.parseFloat(value));
        case '%j':
          return JSON.stringify(value);
        case '%c':
          return '';
        default:
          return inspect(value, { depth: 4 });
      }
    });
  }
  const rest = args.slice(index).map((value) => (typeof value === 'string' ? value : inspect(value)));
  return index === 0 ? rest.join(' ') : [text, ...rest].join(' ');
}

function primitive(value) {
  return typeof value === 'function'
    ? inspect(value)
    : typeof value === 'bigint'
      ? `${value}n`
      : Object.is(value, -0)
        ? '-0'
        : String(value);
}
