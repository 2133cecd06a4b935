import promises from 'node:timers/promises';
import { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'trocar:clock';

export { clearImmediate, clearInterval, clearTimeout, promises, setImmediate, setInterval, setTimeout };
export default { clearImmediate, clearInterval, clearTimeout, promises, setImmediate, setInterval, setTimeout };
