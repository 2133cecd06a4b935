/** Routes by method and path; a segment that starts with a colon is a parameter. The first match wins. */
export class Router {
  #routes = [];

  get(pattern, handler) {
    return this.#add('GET', pattern, handler);
  }

  post(pattern, handler) {
    return this.#add('POST', pattern, handler);
  }

  patch(pattern, handler) {
    return this.#add('PATCH', pattern, handler);
  }

  match(method, path) {
    const given = path.split('/');
    for (const route of this.#routes) {
      if (route.method !== method || route.segments.length !== given.length) continue;
      const params = matchSegments(route.segments, given);
      if (params !== undefined) return { handler: route.handler, params };
    }
    return undefined;
  }

  #add(method, pattern, handler) {
    this.#routes.push({ method, segments: pattern.split('/'), handler });
    return this;
  }
}

function matchSegments(segments, given) {
  const params = {};
  for (let at = 0; at < segments.length; at += 1) {
    const segment = segments[at];
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(given[at]);
    else if (segment !== given[at]) return undefined;
  }
  return params;
}
