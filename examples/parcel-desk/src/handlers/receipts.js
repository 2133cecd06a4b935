import { text } from '../http/reply.js';
import { readReceipt } from '../services/receipt-service.js';

/** GET /receipts/:name */
export async function download(request, desk) {
  const receipt = await readReceipt(desk.receiptFolder, request.params.name);
  return text(receipt);
}
