import { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'trocar:clock';
import promises from 'node:timers/promises';

export { clearImmediate, clearInterval, clearTimeout, promises, setImmediate, setInterval, setTimeout };
export default { clearImmediate, clearInterval, clearTimeout, promises, setImmediate, setInterval, setTimeout };
