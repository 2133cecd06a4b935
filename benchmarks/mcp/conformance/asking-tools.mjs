import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { say, tool } from './content.mjs';

const form = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const text = { type: 'string' };

const askName = () => inputRequired.elicit({ message: 'Who are you?', requestedSchema: form({ name: text }) });
const askYes = () => inputRequired.elicit({ message: 'Is it so?', requestedSchema: form({ ok: { type: 'boolean' } }) });
const sample = (prompt, maxTokens = 50) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens });
const need = (inputRequests, requestState) => inputRequired({ inputRequests, ...(requestState && { requestState }) });

/** A tool that asks once, with a form, and tells how it was answered. */
const askingOnce = (name, schema, options) =>
  tool(
    name,
    async ({ message = 'Please fill in' }, { answers }) => {
      const answer = answers.form;
      if (answer === undefined) return need({ form: inputRequired.elicit({ message, requestedSchema: schema }) });
      return say(`action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
    },
    options,
  );

const options3 = ['option1', 'option2', 'option3'];
const titled = ['value1', 'value2', 'value3'].map((value) => ({ const: value, title: `Title of ${value}` }));

/** Tools that ask the client: forms, sampling, roots, over one round or more. Written once for both protocol eras. */
export const askingTools = [
  askingOnce('test_elicitation', form({ response: text }), { properties: { message: text }, required: ['message'] }),
  askingOnce(
    'test_elicitation_sep1034_defaults',
    form(
      {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      },
      [],
    ),
  ),
  askingOnce(
    'test_elicitation_sep1330_enums',
    form(
      {
        untitledSingle: { type: 'string', enum: options3 },
        titledSingle: { type: 'string', oneOf: titled },
        legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
        untitledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', enum: options3 } },
        titledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { anyOf: titled } },
      },
      [],
    ),
  ),
  tool(
    'test_sampling',
    async ({ prompt = '' }, { answers }) =>
      answers.model ? say(`Sampled: ${answers.model.content?.text}`) : need({ model: sample(prompt, 100) }),
    { properties: { prompt: text }, required: ['prompt'] },
  ),
  tool('test_missing_capability', async (_, { answers }) =>
    answers.model ? say('Sampled.') : need({ model: sample('Say pong.') }),
  ),
  tool('test_input_required_result_elicitation', async (_, { answers }) => {
    const name = acceptedContent(answers, 'user_name')?.name;
    return typeof name === 'string' ? say(`Hello, ${name}!`) : need({ user_name: askName() });
  }),
  tool('test_input_required_result_sampling', async (_, { answers }) =>
    answers.capital_question
      ? say(`Sampled: ${answers.capital_question.content?.text}`)
      : need({ capital_question: sample('What is the capital of France?') }),
  ),
  tool('test_input_required_result_list_roots', async (_, { answers }) =>
    Array.isArray(answers.client_roots?.roots)
      ? say(`Roots: ${answers.client_roots.roots.map(({ uri }) => uri).join(', ')}`)
      : need({ client_roots: inputRequired.listRoots() }),
  ),
  tool('test_input_required_result_request_state', async (_, { answers, state, seal }) => {
    if (acceptedContent(answers, 'confirm') === undefined) {
      return need({ confirm: askYes() }, await seal({ of: 'request-state' }));
    }
    if (state === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The state is missing.');
    return say('state-ok');
  }),
  tool('test_input_required_result_tampered_state', async (_, { answers, state, seal }) =>
    state !== undefined && acceptedContent(answers, 'confirm') !== undefined
      ? say('state-ok')
      : need({ confirm: askYes() }, await seal({ of: 'tampered-state' })),
  ),
  tool('test_input_required_result_multiple_inputs', async (_, { answers, seal }) => {
    const name = acceptedContent(answers, 'user_name')?.name;
    const greeting = answers.greeting?.content?.text;
    const roots = answers.client_roots?.roots;
    if (typeof name === 'string' && typeof greeting === 'string' && Array.isArray(roots)) {
      return say(`${greeting}, ${name}: ${roots.length} roots`);
    }
    const requests = { user_name: askName(), greeting: sample('A greeting.'), client_roots: inputRequired.listRoots() };
    return need(requests, await seal({ of: 'multiple-inputs' }));
  }),
  tool('test_input_required_result_multi_round', async (_, { answers, state, seal }) => {
    const round = state?.round ?? 0;
    if (round === 0) return need({ step1: askName() }, await seal({ round: 1 }));
    if (round === 1) {
      const name = acceptedContent(answers, 'step1')?.name;
      const color = inputRequired.elicit({ message: 'Which colour?', requestedSchema: form({ color: text }) });
      return need({ step2: color }, await seal({ round: 2, name }));
    }
    return say(`${state.name} likes ${acceptedContent(answers, 'step2')?.color}`);
  }),
  tool('test_input_required_result_capabilities', async (_, { answers, sdk }) => {
    if (Object.keys(answers).length > 0) return say('Answered.');
    const can = sdk.mcpReq.envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
    const requests = {
      ...(can.elicitation && { user_name: askName() }),
      ...(can.sampling && { greeting: sample('A greeting.') }),
      ...(can.roots && { client_roots: inputRequired.listRoots() }),
    };
    return Object.keys(requests).length > 0 ? need(requests) : say('There is nothing that this client can be asked.');
  }),
];
