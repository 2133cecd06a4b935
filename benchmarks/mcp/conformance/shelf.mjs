import { acceptedContent, inputRequired } from '@modelcontextprotocol/server';
import { readPage } from '@trocar/mcp/protocol';
import { PNG } from './content.mjs';

const fixed = new Map([
  ['test://static-text', { mimeType: 'text/plain', text: 'A text that does not change.' }],
  ['test://static-binary', { mimeType: 'image/png', blob: PNG }],
  ['test://watched-resource', { mimeType: 'text/plain', text: 'A text that is watched.' }],
]);

/** The resources of the suite: a text, a picture, a watched one, and one of a template. */
export const shelf = {
  templates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' }],
  async list(cursor) {
    const resources = [...fixed].map(([uri, { mimeType }]) => ({ uri, name: uri.slice('test://'.length), mimeType }));
    return readPage(resources, cursor, 50);
  },
  async read(uri) {
    const known = fixed.get(uri);
    if (known) return { contents: [{ uri, ...known }] };
    const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
    const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
    return id === undefined ? undefined : { contents: [{ uri, mimeType: 'application/json', text }] };
  },
};

const message = (content) => ({ role: 'user', content });
const prompt = (name, render, names = []) => ({
  definition: {
    name,
    description: 'Fixture of the conformance suite.',
    arguments: names.map((argument) => ({ name: argument, required: true })),
  },
  render,
});

/** The prompts of the suite. */
export const prompts = [
  prompt('test_simple_prompt', async () => ({ messages: [message({ type: 'text', text: 'A plain prompt.' })] })),
  prompt(
    'test_prompt_with_arguments',
    async ({ arg1, arg2 }) => ({ messages: [message({ type: 'text', text: `arg1='${arg1}', arg2='${arg2}'` })] }),
    ['arg1', 'arg2'],
  ),
  prompt(
    'test_prompt_with_embedded_resource',
    async ({ resourceUri }) => ({
      messages: [
        message({ type: 'resource', resource: { uri: resourceUri, mimeType: 'text/plain', text: 'A resource.' } }),
        message({ type: 'text', text: 'Read the resource above.' }),
      ],
    }),
    ['resourceUri'],
  ),
  prompt('test_prompt_with_image', async () => ({
    messages: [
      message({ type: 'image', data: PNG, mimeType: 'image/png' }),
      message({ type: 'text', text: 'Look at the picture above.' }),
    ],
  })),
  prompt('test_input_required_result_prompt', async (_, { answers }) => {
    const context = acceptedContent(answers, 'user_context')?.context;
    if (typeof context === 'string') return { messages: [message({ type: 'text', text: `With ${context}` })] };
    const requestedSchema = { type: 'object', properties: { context: { type: 'string' } }, required: ['context'] };
    return inputRequired({
      inputRequests: { user_context: inputRequired.elicit({ message: 'Which context?', requestedSchema }) },
    });
  }),
];
