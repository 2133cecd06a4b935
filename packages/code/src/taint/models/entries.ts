import type { Parameter } from '../../ir/module.js';
import type { Closure } from '../abstract-object.js';

/** Functions that a framework calls by convention: their parameters' names say what they get. */
interface EntrySignature {
  readonly language: 'python' | 'javascript';
  readonly names: readonly RegExp[];
  readonly types: readonly string[];
}

const signatures: readonly EntrySignature[] = [
  { language: 'python', names: [/^environ$/, /^start_response$/], types: ['#wsgi.environ', 'unknown'] },
  { language: 'javascript', names: [/^_?req(uest)?$/, /^_?res(ponse)?$/], types: ['#http.request', '#http.response'] },
];

/** Declared parameter types that frameworks fill from a request. */
const declaredTypes: readonly {
  readonly language: 'python' | 'javascript';
  readonly type: RegExp;
  readonly gives: string;
}[] = [
  {
    language: 'javascript',
    type: /^(?:\w+\.)?(?:Request|IncomingMessage|FastifyRequest|NextApiRequest|NextRequest|VercelRequest)\b/,
    gives: '#http.request',
  },
  {
    language: 'javascript',
    type: /^(?:\w+\.)?(?:Response|ServerResponse|NextApiResponse|VercelResponse)\b/,
    gives: '#http.response',
  },
  { language: 'python', type: /^(?:\w+\.)?(?:HttpRequest|WSGIRequest)$/, gives: '#django.request' },
];

/** Type path of a parameter of a function that nothing in the analysed code calls, undefined where nothing tells. */
export function entryTypeOf(closure: Closure, parameter: Parameter): string | undefined {
  const language = closure.module.language === 'python' ? 'python' : 'javascript';
  const declared = declaredTypes.find((entry) => entry.language === language && entry.type.test(parameter.type));
  if (declared !== undefined) return declared.gives;
  const names = closure.fn.parameters.map((one) => one.name).filter((name) => name !== 'self');
  const signature = signatures.find(
    (entry) => entry.language === language && entry.names.every((name, index) => name.test(names[index] ?? '')),
  );
  const type = signature?.types[names.indexOf(parameter.name)];
  return type === 'unknown' ? undefined : type;
}
