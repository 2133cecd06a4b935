import { databaseModels, nodeModels, webModels } from '../languages/javascript/models.js';
import { pythonModels } from '../languages/python/models.js';
import { ModelIndex } from '../taint/models/model-index.js';

/** All models that the engine brings. */
export function bundledModels(): ModelIndex {
  return new ModelIndex([nodeModels, webModels, databaseModels, ...pythonModels]);
}
