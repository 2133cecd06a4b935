import * as labels from './handlers/labels.js';
import * as parcels from './handlers/parcels.js';
import * as pickups from './handlers/pickups.js';
import * as receipts from './handlers/receipts.js';
import * as settings from './handlers/settings.js';
import { problemReply } from './http/reply.js';
import { Router } from './http/router.js';
import { HttpProblem } from './lib/problem.js';

/**
 * Wires the routes to a desk and returns the function that answers one parsed request.
 * Whatever a handler throws becomes a reply; only an HttpProblem may speak to the outside.
 */
export function createApp(desk) {
  const router = new Router()
    .get('/parcels', parcels.list)
    .get('/parcels/search', parcels.search)
    .get('/parcels/:id', parcels.show)
    .post('/parcels', parcels.checkIn)
    .get('/pickups/:code', pickups.lookUp)
    .post('/pickups/:code/collect', pickups.collect)
    .get('/shelves', pickups.shelves)
    .post('/doors/:door/open', pickups.openLocker)
    .get('/labels/:name', labels.download)
    .post('/labels/:name/print', labels.print)
    .get('/printers', labels.printers)
    .get('/receipts/:name', receipts.download)
    .get('/settings', settings.show)
    .get('/settings/effective', settings.effective)
    .patch('/settings', settings.update);

  return async function app(request) {
    try {
      const route = router.match(request.method, request.path);
      if (route === undefined) throw new HttpProblem(404, 'no such page');
      return await route.handler({ ...request, params: route.params }, desk);
    } catch (error) {
      return problemReply(error);
    }
  };
}
