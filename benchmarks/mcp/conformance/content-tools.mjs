import { PNG, pause, say, tool, WAV } from './content.mjs';

const embedded = (uri, mimeType, text) => ({ type: 'resource', resource: { uri, mimeType, text } });

/** Tools that answer with every kind of content, log, report progress, fail. */
export const contentTools = (changes) => [
  tool('test_simple_text', async () => say('One plain text.')),
  tool('test_image_content', async () => ({ content: [{ type: 'image', data: PNG, mimeType: 'image/png' }] })),
  tool('test_audio_content', async () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] })),
  tool('test_embedded_resource', async () => ({
    content: [embedded('test://embedded-resource', 'text/plain', 'A resource inside of a result.')],
  })),
  tool('test_multiple_content_types', async () => ({
    content: [
      { type: 'text', text: 'Three kinds of content:' },
      { type: 'image', data: PNG, mimeType: 'image/png' },
      embedded('test://mixed-content-resource', 'application/json', '{"kinds":3}'),
    ],
  })),
  tool('test_tool_with_logging', async (_, { log }) => {
    for (const message of ['begun', 'half-way', 'done']) {
      await log('info', message);
      await pause(20);
    }
    return say('Logged three times.');
  }),
  tool('test_logging_tool', async (_, { log }) => {
    await log('info', 'only for those who asked');
    return say('Logged once.');
  }),
  tool('test_tool_with_progress', async (_, { progress, sdk }) => {
    for (const done of [0, 50, 100]) {
      await progress(done, { total: 100, message: `${done} of 100` });
      await pause(20);
    }
    return say(String(sdk.mcpReq._meta?.progressToken ?? 'nobody asked'));
  }),
  tool('test_error_handling', async () => ({ ...say('This tool fails on purpose.'), isError: true })),
  tool('test_streaming_elicitation', async () => say('Nothing was asked.')),
  tool('test_reconnection', async (_, { sdk }) => {
    sdk.http?.closeSSE?.();
    await pause(100);
    return say('Sent after the stream was closed.');
  }),
  tool('test_trigger_tool_change', async () => {
    changes.publish({ kind: 'tools' });
    return say('Announced.');
  }),
  tool('test_trigger_prompt_change', async () => {
    changes.publish({ kind: 'prompts' });
    return say('Announced.');
  }),
  tool('test_x_mcp_header', async ({ region = 'nowhere' }) => say(`region=${region}`), {
    properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, level: { type: 'integer' } },
  }),
  tool('json_schema_2020_12_tool', async (input) => say(JSON.stringify(input)), { schema: fullVocabulary }),
];

/** Keywords that a server has to pass on as they are. */
const fullVocabulary = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};
