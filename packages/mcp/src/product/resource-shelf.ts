import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplateType,
} from '@modelcontextprotocol/server';
import { digestJson, type JsonObject, toProblem } from '@trocar/core';
import { digestTool, type Identity } from '@trocar/plane';
import { extractCode, securityScan } from '@trocar/tools';
import type { ResourceShelf, ToolEntry } from '../catalog/catalog.js';
import type { ChangeFeed } from '../catalog/change-feed.js';
import { readPage } from '../catalog/page.js';
import { exposures } from '../toolset/exposure.js';
import type { PortSource } from '../toolset/port-source.js';
import { createReadUris } from './read-uris.js';
import { analysisTemplate, parseResourceUri, type ResourcePlace, symbolTemplate, toolsUri } from './resource-uri.js';

/** The resources of the product. */
export interface ProductShelf extends ResourceShelf {
  /** Says which tools the server lists, so that their definitions can be read and pinned. */
  publish(tools: readonly ToolEntry[]): void;
  /** Announces that files, given relative to the root, have new content. */
  announce(files: readonly string[]): void;
}

const mimeType = 'application/json';

/** Resources that are answers of tools, read through the same port and under the same policy as a call. */
export function createResourceShelf(
  { openPort, identity }: { readonly openPort: PortSource; readonly identity: Identity },
  changes: ChangeFeed,
): ProductShelf {
  const readUris = createReadUris();
  let published: readonly ToolEntry[] = [];

  const describe = ({ name, definition }: ToolEntry): JsonObject => {
    const { contract } = exposures.find((exposure) => exposure.contract.name === name) ?? {};
    return { name, listed: digestJson(definition), approved: contract && digestTool(contract) };
  };
  const content = async (place: ResourcePlace): Promise<unknown> => {
    switch (place.kind) {
      case 'tools':
        return { tools: published.map(describe) };
      case 'analysis':
        return (await openPort()).call(securityScan.name, { path: place.path }, identity);
      case 'symbol':
        return (await openPort()).call(extractCode.name, { path: place.path, symbol: place.symbol }, identity);
    }
  };

  return {
    templates,
    async list(cursor) {
      return readPage(resources, cursor, resources.length);
    },
    async read(uri): Promise<ReadResourceResult | undefined> {
      const place = parseResourceUri(uri);
      if (place === undefined) return undefined;
      if (place.kind !== 'tools') readUris.add(uri, place.path);
      try {
        return { contents: [{ uri, mimeType, text: JSON.stringify(await content(place)) }] };
      } catch (error) {
        const { code, message } = toProblem(error);
        if (code === 'path-missing' || code === 'symbol-missing') return undefined;
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, message, { code });
      }
    },
    publish(tools) {
      published = tools;
    },
    announce(files) {
      for (const uri of readUris.touchedBy(files)) changes.publish({ kind: 'resource', uri });
    },
  };
}

const resources: readonly Resource[] = [
  {
    uri: toolsUri,
    name: 'tools',
    title: 'Digests of the tool definitions',
    description:
      'What a client can pin: the digest of each listed definition, and the one that approvals are bound to.',
    mimeType,
  },
  {
    uri: 'trocar://analysis/',
    name: 'analysis',
    title: 'Vulnerabilities of the whole folder',
    mimeType,
  },
];

const templates: readonly ResourceTemplateType[] = [
  { uriTemplate: analysisTemplate, name: 'analysis', title: 'Vulnerabilities of a file or folder', mimeType },
  { uriTemplate: symbolTemplate, name: 'symbol', title: 'Source text of one symbol', mimeType },
];
