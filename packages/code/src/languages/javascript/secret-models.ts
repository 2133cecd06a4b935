import type { SinkModel, SourceModel, TypeModel } from '../../taint/models/schema.js';

/** Generators whose next number follows from earlier ones. */
export const predictableSources: readonly SourceModel[] = [
  { paths: ['Math.random()'], label: 'a predictable random number generator', dangers: ['predictable'] },
];

/** Digests by broken algorithms. */
export const secretTypes: readonly TypeModel[] = [
  {
    paths: ['crypto.createHash'],
    type: '#weak-digest',
    when: { argument: 0, values: ['md4', 'md5', 'sha1', 'sha-1', 'ripemd160', 'rmd160'] },
  },
  { paths: ['#weak-digest.update'], type: '#weak-digest' },
];

/** What must not be guessed, read on the way, or reversed; and parsers that were told to follow entities. */
export const secretSinks: readonly SinkModel[] = [
  { rule: 'weak-hash', paths: ['#weak-digest.update'], arguments: [0], confidence: 'medium' },
  { rule: 'weak-randomness', paths: ['#http.response.cookie'], arguments: [1], confidence: 'medium' },
  {
    rule: 'insecure-cookie',
    paths: ['#http.response.cookie'],
    arguments: [1],
    lacksOption: 'secure',
    confidence: 'medium',
  },
  {
    rule: 'xml-external-entities',
    paths: ['libxmljs.parseXml', 'libxmljs.parseXmlString', 'libxmljs2.parseXml', 'libxmljs2.parseXmlString'],
    arguments: [0],
    needsOption: 'noent',
  },
];
