import type { Binding } from '../../outline/scope/scope-table.js';
import { nodeFlag } from '../../syntax/flat-tree.js';
import { findCapture } from './capture.js';
import type { LinkedFile, LinkedProject } from './linked-project.js';
import type { ModuleLink } from './module-link.js';

/** A place where the symbol's name is written. The new text there is `before`, the new name, and `after`. */
export interface Place {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly role: 'declaration' | 'reference' | 'import';
  readonly before: string;
  readonly after: string;
}

/** A place that may mean the symbol in a way that reading the text cannot decide. */
export interface UncertainPlace {
  readonly path: string;
  readonly line: number;
  readonly reason: string;
}

/** Every place of a symbol, those that cannot be decided, and what stands in the way of a new name. */
export interface CollectedPlaces {
  readonly places: readonly Place[];
  readonly uncertain: readonly UncertainPlace[];
  readonly collisions: readonly UncertainPlace[];
}

/**
 * Follows a binding through its file and through every file that imports it, also by way of re-exports.
 *
 * @param newName the name it is to get; where an importing file cannot take it, the import keeps the old name as alias.
 */
export function collectPlaces(
  project: LinkedProject,
  path: string,
  binding: Binding,
  newName: string,
): CollectedPlaces {
  return new PlaceCollector(project, newName).collect(path, binding);
}

class PlaceCollector {
  readonly #project: LinkedProject;
  readonly #newName: string;
  readonly #places = new Map<string, Place>();
  readonly #uncertain: UncertainPlace[] = [];
  readonly #collisions: UncertainPlace[] = [];
  readonly #seenExports = new Set<string>();
  readonly #seenBindings = new Set<Binding>();
  readonly #exports: { path: string; name: string }[] = [];

  constructor(project: LinkedProject, newName: string) {
    this.#project = project;
    this.#newName = newName;
  }

  collect(path: string, binding: Binding): CollectedPlaces {
    const file = this.#project.files.get(path) as LinkedFile;
    this.#addBinding(file, binding);
    for (let next = this.#exports.pop(); next !== undefined; next = this.#exports.pop()) {
      for (const [other, linked] of this.#project.files) {
        for (const link of linked.links) if (link.module === next.path) this.#follow(other, linked, link, next.name);
      }
    }
    if (this.#seenExports.size > 0) this.#lookIntoOpaque(binding.name);
    const places = [...this.#places.values()].sort((a, b) =>
      a.path < b.path ? -1 : a.path > b.path ? 1 : a.start - b.start,
    );
    return { places, uncertain: this.#uncertain, collisions: this.#collisions };
  }

  #addBinding(file: LinkedFile, binding: Binding): void {
    if (this.#seenBindings.has(binding)) return;
    this.#seenBindings.add(binding);
    const { context } = file;
    const { tree, scopes, path } = context;
    if (scopes.isDynamic) this.#doubt(file, 0, 'the file runs text as code or imports everything from somewhere');
    const stray = scopes.unresolved.get(binding.name)?.[0];
    if (stray !== undefined) this.#doubt(file, stray.node, 'this use has no declaration that is seen from it');
    const capture = findCapture(scopes, binding, this.#newName);
    if (capture !== undefined) {
      const reason = {
        taken: 'the name is taken here',
        hidden: 'another declaration of that name would hide it here',
        captured: 'this use of that name would mean the symbol instead',
      };
      this.#collisions.push({ path, line: tree.lineOf(capture.node), reason: reason[capture.kind] });
    }
    for (const node of binding.declarations) this.#addName(file, node, 'declaration');
    for (const { node } of binding.references) this.#addName(file, node, 'reference');
    const isTop = binding.scope === 0;
    if (tree.language === 'python') {
      if (isTop) this.#export(path, binding.name);
      this.#addTexts(file, binding, isTop);
    } else if (isTop) this.#addJavaScriptExports(file, binding);
  }

  /** One place of a name, with what has to stand around the new one so that keys and exported names stay. */
  #addName(file: LinkedFile, node: number, role: Place['role']): void {
    const { tree, path, text } = file.context;
    const start = tree.start[node] as number;
    const name = /^#?[\p{ID_Continue}$\u200c\u200d]+/u.exec(text.slice(start, start + 512))?.[0] ?? tree.textOf(node);
    let before = '';
    let holder = tree.parent[node] as number;
    if (tree.kindOf(holder) === 'AssignmentPattern' && tree.fieldOf(node) === 'left')
      holder = tree.parent[holder] as number;
    if (tree.kindOf(holder) === 'Property' && tree.hasFlag(holder, nodeFlag.shorthand)) before = `${name}: `;
    this.#add({ path, start, end: start + name.length, role, before, after: '' });
  }

  #add(place: Place): void {
    const key = `${place.path}\0${place.start}`;
    const known = this.#places.get(key);
    if (known === undefined || (known.before === '' && known.after === '')) this.#places.set(key, place);
  }

  #addJavaScriptExports(file: LinkedFile, binding: Binding): void {
    const { tree, path } = file.context;
    for (const node of binding.declarations) {
      for (let at = node; at > 0; at = tree.parent[at] as number) {
        const parent = tree.parent[at] as number;
        if (tree.kindOf(parent) === 'ExportNamedDeclaration') this.#export(path, binding.name);
        if (/Function|Class|Statement|^Program$/.test(tree.kindOf(parent)) && tree.fieldOf(at) === 'body') break;
      }
    }
    for (const { node } of binding.references) {
      const specifier = tree.parent[node] as number;
      if (tree.kindOf(specifier) !== 'ExportSpecifier') continue;
      const exported = tree.childByField(specifier, 'exported');
      if (tree.start[exported] === tree.start[node]) this.#export(path, binding.name);
    }
    this.#addScriptUses(file, binding);
  }

  /** A script that is no module shares its names with every other script of a page. */
  #addScriptUses(file: LinkedFile, binding: Binding): void {
    const { tree } = file.context;
    const isModule = tree.childrenOf(0).some((node) => /^(Import|Export)/.test(tree.kindOf(node)));
    const isCommonJs = ['require', 'module', 'exports'].some((name) => file.context.scopes.unresolved.has(name));
    if (isModule || isCommonJs) return;
    for (const other of this.#project.files.values()) {
      const use = other.context.scopes.unresolved.get(binding.name)?.[0];
      if (use !== undefined)
        this.#doubt(other, use.node, 'a page may load both scripts, so that this is the same name');
    }
    this.#lookIntoOpaque(binding.name);
  }

  #export(path: string, name: string): void {
    const key = `${path}\0${name}`;
    if (this.#seenExports.has(key)) return;
    this.#seenExports.add(key);
    this.#exports.push({ path, name });
  }

  #follow(path: string, file: LinkedFile, link: ModuleLink, name: string): void {
    const { context } = file;
    switch (link.kind) {
      case 'named':
        if (link.name === name) this.#followNamed(file, link);
        return;
      case 're-export':
        if (link.name !== name) return;
        this.#addName(file, link.node, 'import');
        if (!link.hasAlias) this.#exportFrom(path, file, name);
        return;
      case 'export-all':
        if (name !== 'default') this.#exportFrom(path, file, name);
        return;
      case 'whole':
        this.#followWhole(file, link.local, name);
        return;
      case 'opaque':
        if (context.text.includes(name))
          this.#doubt(file, link.node, 'which names are taken from the file cannot be told here');
        return;
    }
  }

  /** A file that passes the name on under the same name: it must not have the new one already. */
  #exportFrom(path: string, file: LinkedFile, name: string): void {
    const taken = file.context.scopes.scopes[0]?.bindings.get(this.#newName);
    if (taken !== undefined) {
      const line = file.context.tree.lineOf(taken.declarations[0] as number);
      this.#collisions.push({ path, line, reason: 'the file that passes it on has that name already' });
    }
    this.#export(path, name);
  }

  #followNamed(file: LinkedFile, link: Extract<ModuleLink, { kind: 'named' }>): void {
    const { scopes, path, tree } = file.context;
    if (link.node !== link.local) {
      this.#addName(file, link.node, 'import');
      return;
    }
    const binding = scopes.bindingOf.get(link.local);
    if (binding === undefined) return;
    if (findCapture(scopes, binding, this.#newName) === undefined && binding.declarations.length === 1) {
      this.#addBinding(file, binding);
      return;
    }
    // The file keeps its own name for it.
    const start = tree.start[link.node] as number;
    this.#add({
      path,
      start,
      end: tree.end[link.node] as number,
      role: 'import',
      before: '',
      after: ` as ${link.name}`,
    });
  }

  /** Uses of a module as a whole: members of it are certain, anything else may reach the name unseen. */
  #followWhole(file: LinkedFile, local: number, name: string): void {
    const { tree, scopes } = file.context;
    const binding = scopes.bindingOf.get(local);
    for (const { node } of binding?.references ?? []) {
      const parent = tree.parent[node] as number;
      const kind = tree.kindOf(parent);
      const field = tree.fieldOf(node);
      const isComputed = tree.hasFlag(parent, nodeFlag.computed);
      const member =
        (kind === 'MemberExpression' && field === 'object' && !isComputed) ||
        (kind === 'JSXMemberExpression' && field === 'object')
          ? tree.childByField(parent, 'property')
          : kind === 'TSQualifiedName' && field === 'left'
            ? tree.childByField(parent, 'right')
            : kind === 'attribute' && field === 'object'
              ? tree.childByField(parent, 'attribute')
              : -1;
      if (member < 0) this.#doubt(file, node, 'the module is passed on as a whole here');
      else if (tree.textOf(member) === name) this.#addName(file, member, 'reference');
    }
  }

  /** Python texts that name the symbol: `__all__` and annotations are certain, others may be looked up by name. */
  #addTexts(file: LinkedFile, binding: Binding, isTop: boolean): void {
    const files = isTop ? [...this.#project.files.values()] : [file];
    for (const other of files) {
      const { tree, path } = other.context;
      for (let node = 0; node < tree.size; node += 1) {
        if (tree.kindOf(node) !== 'string_content') continue;
        const text = tree.textOf(node);
        if (text !== binding.name && !text.endsWith(`.${binding.name}`)) continue;
        const owner = this.#ownerOfText(other, node);
        const start = tree.start[node] as number;
        const isOwn = other === file && text === binding.name;
        const isResolvedByScope = text === binding.name && (owner === 'annotation' || (owner === 'all' && isTop));
        if (isOwn && isResolvedByScope) {
          this.#add({ path, start, end: start + text.length, role: 'reference', before: '', after: '' });
        } else if (!isResolvedByScope && (text !== binding.name || this.#isLookedUp(other, node))) {
          // A name in an annotation or list of exports means what its own file calls so.
          this.#doubt(other, node, 'this text may be used to look the name up');
        }
      }
    }
  }

  #ownerOfText(file: LinkedFile, node: number): 'all' | 'annotation' | 'other' {
    const { tree } = file.context;
    for (let at = node; at > 0; at = tree.parent[at] as number) {
      const kind = tree.kindOf(at);
      if (kind === 'type') return 'annotation';
      if (kind === 'assignment' || kind === 'augmented_assignment') {
        return tree.textOf(tree.childByField(at, 'left')) === '__all__' ? 'all' : 'other';
      }
    }
    return 'other';
  }

  /** A text that is an argument of `getattr` and its like, or of a patch; a plain text elsewhere is data. */
  #isLookedUp(file: LinkedFile, node: number): boolean {
    const { tree } = file.context;
    for (let at = node; at > 0; at = tree.parent[at] as number) {
      if (tree.kindOf(at) !== 'call') continue;
      return /^(getattr|setattr|hasattr|delattr|import_module|__import__)$|patch|monkeypatch|setattr|globals|locals|vars/.test(
        tree.textOf(tree.childByField(at, 'function')),
      );
    }
    const parent = tree.parent[tree.parent[node] as number] as number;
    return tree.kindOf(parent) === 'subscript';
  }

  #lookIntoOpaque(name: string): void {
    const word = new RegExp(`(?<![\\w$])${name.replace(/[$]/g, '\\$&')}(?![\\w$])`);
    for (const { path, text } of this.#project.opaque) {
      const at = text.search(word);
      if (at < 0) continue;
      const line = text.slice(0, at).split('\n').length;
      this.#uncertain.push({ path, line, reason: 'the file cannot be analysed and holds the name' });
    }
    for (const path of this.#project.unread) this.#uncertain.push({ path, line: 1, reason: 'the file cannot be read' });
  }

  #doubt(file: LinkedFile, node: number, reason: string): void {
    const { path, tree } = file.context;
    this.#uncertain.push({ path, line: tree.lineOf(node), reason });
  }
}
