import { describe, expect, it } from 'vitest';
import { assertedFormats, compileJsonSchema, validate } from '../../src/index.js';

const samples: Record<string, readonly [valid: readonly string[], invalid: readonly string[]]> = {
  date: [
    ['2024-02-29', '1999-12-31', '2000-02-29'],
    ['2023-02-29', '1900-02-29', '2024-13-01', '24-01-01', '2024-04-31'],
  ],
  time: [
    ['12:00:00Z', '23:59:60Z', '01:29:60+01:30', '08:30:06.283185+05:30'],
    ['24:00:00Z', '12:00:00', '22:59:60Z', '01:29:60+01:29'],
  ],
  'date-time': [
    ['2024-01-02T03:04:05Z', '1998-12-31t23:59:60z'],
    ['2024-01-02 03:04:05Z', '1998-12-31T22:59:60Z', '2024-01-02T03:04:05'],
  ],
  duration: [
    ['P1Y2M3DT4H5M6S', 'PT36H', 'P4W'],
    ['P', 'PT', 'P1D2H', 'P1Y2W', '1D'],
  ],
  email: [
    ['a@example.com', '"joe bloggs"@example.com', 'a.b+c@[127.0.0.1]'],
    ['a', '@x', 'a@', '.a@x.com', 'a..b@x.com'],
  ],
  hostname: [
    ['example.com', 'a-b.c', 'xn--4gbwdl.xn--wgbh1c'],
    ['-a', 'a-', 'a_b', '', `${'a'.repeat(64)}.com`, 'a..b'],
  ],
  ipv4: [
    ['127.0.0.1', '255.255.255.255'],
    ['256.0.0.1', '1.2.3', '01.2.3.4'],
  ],
  ipv6: [
    ['::1', '2001:db8::8a2e:370:7334', '::', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', '1::8', '1:2:3:4:5:6:7::'],
    ['1::2::3', ':::', '12345::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::1.2.3'],
  ],
  uuid: [
    ['2eb8aa08-aa98-11ea-b4aa-73b441d16380'],
    ['2eb8aa08aa9811eab4aa73b441d16380', '2eb8aa08-aa98-11ea-b4aa-73b441d1638'],
  ],
  uri: [
    ['https://example.com/a?b#c', 'urn:isbn:123', 'http://[::1]:80/', 'mailto:a@b.c', 'ftp://u:p@h/'],
    ['//example.com', 'a b', '/x', 'http://a b', ':x', 'http://[::1'],
  ],
  'uri-reference': [
    ['/a/b', '#x', '', 'a?b', '../x', '//h/p'],
    ['\\\\x', 'a b', '#\\', ':a'],
  ],
  iri: [['http://ƒøø.ßår/'], ['/x', 'http://2001:0db8:85a3:0000:0000:8a2e:0370:7334 x']],
  'iri-reference': [['/âππ', '#ƒrägmênt'], ['\\x']],
  'uri-template': [
    ['http://x/{a,b}{?q*}', 'dictionary/{term:1}'],
    ['{', 'a}', '{a'],
  ],
  'json-pointer': [
    ['/a/~0b~1', '', '/'],
    ['a', '/~', '/~2'],
  ],
  'relative-json-pointer': [
    ['0#', '1/a', '10'],
    ['-1/a', '01', '/a'],
  ],
};

describe('formats', () => {
  it('has samples of each that is asserted', () => {
    expect(Object.keys(samples).sort()).toEqual([...assertedFormats].sort());
  });

  it.each(Object.entries(samples))('%s', (format, [valid, invalid]) => {
    const grammar = compileJsonSchema({ type: 'string', format });
    for (const text of valid) expect([text, validate(grammar, JSON.stringify(text)).valid]).toEqual([text, true]);
    for (const text of invalid) expect([text, validate(grammar, JSON.stringify(text)).valid]).toEqual([text, false]);
  });

  it('leaves them alone where they are annotations', () => {
    expect(validate(compileJsonSchema({ format: 'date' }, { formats: 'annotate' }), '"x"').valid).toBe(true);
  });
});
