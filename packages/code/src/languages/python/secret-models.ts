import type { SinkModel, SourceModel, TypeModel } from '../../taint/models/schema.js';

const weakAlgorithms = ['md2', 'md4', 'md5', 'sha', 'sha1', 'sha-1', 'ripemd160'];
const weakFunctions = ['hashlib.md5', 'hashlib.sha1'];

/** Generators whose next number follows from earlier ones. */
export const predictableSources: readonly SourceModel[] = [
  {
    paths: [
      'random',
      'randint',
      'randrange',
      'getrandbits',
      'randbytes',
      'choice',
      'choices',
      'sample',
      'uniform',
      'triangular',
      'betavariate',
      'expovariate',
      'gammavariate',
      'gauss',
      'normalvariate',
      'lognormvariate',
      'vonmisesvariate',
      'paretovariate',
      'weibullvariate',
    ].flatMap((name) => [`random.${name}()`, `random.Random().${name}()`]),
    label: 'a predictable random number generator',
    dangers: ['predictable'],
  },
];

/** Digests by broken algorithms and XML parsers that follow external entities. */
export const secretTypes: readonly TypeModel[] = [
  { paths: weakFunctions, type: '#weak-digest', unless: { keyword: 'usedforsecurity', value: 'false' } },
  {
    paths: ['hashlib.new'],
    type: '#weak-digest',
    when: { argument: 0, values: weakAlgorithms },
    unless: { keyword: 'usedforsecurity', value: 'false' },
  },
  {
    paths: ['lxml.etree.XMLParser'],
    type: '#entity-parser',
    when: { argument: 'resolve_entities', values: ['true'] },
  },
  {
    paths: ['xml.sax.make_parser().setFeature'],
    type: '#entity-parser',
    when: {
      argument: 0,
      values: [
        'xml.sax.handler.feature_external_ges',
        'xml.sax.handler.feature_external_pes',
        'http://xml.org/sax/features/external-general-entities',
        'http://xml.org/sax/features/external-parameter-entities',
      ],
    },
    isReceiver: true,
  },
];

/** What must not be guessed, read on the way, or reversed; and parsers that were told to follow entities. */
export const secretSinks: readonly SinkModel[] = [
  { rule: 'weak-hash', paths: ['#weak-digest.update'], arguments: [0], confidence: 'medium' },
  {
    rule: 'weak-hash',
    paths: weakFunctions,
    arguments: [0],
    unlessOption: { name: 'usedforsecurity', value: 'false' },
    confidence: 'medium',
  },
  { rule: 'weak-randomness', paths: ['*.set_cookie'], arguments: [1], keywords: ['value'], confidence: 'medium' },
  {
    rule: 'insecure-cookie',
    paths: ['*.set_cookie'],
    arguments: [1],
    keywords: ['value'],
    lacksOption: 'secure',
    confidence: 'medium',
  },
  {
    rule: 'xml-external-entities',
    paths: [
      'xml.dom.minidom.parse',
      'xml.dom.minidom.parseString',
      'xml.dom.pulldom.parse',
      'xml.dom.pulldom.parseString',
      'lxml.etree.parse',
      'lxml.etree.fromstring',
      'lxml.etree.XML',
    ],
    arguments: [0],
    keywords: ['string', 'source', 'text'],
    needsInstance: { position: 1, keyword: 'parser', type: '#entity-parser' },
  },
  { rule: 'xml-external-entities', paths: ['#entity-parser.parse', '#entity-parser.feed'], arguments: [0] },
];
