// Every option of a training has one name: in the engine, in its declarations, on the command line and in the page's form.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { later } from '../../www/i18n/texts/en/later.js';
import { FIT, OPTIONS, READ, ROLES, rolesAndFit } from '../../www/shared/options.js';
import { READ_ENTRIES } from '../../www/views/read-controls.js';
import { ENTRIES, OPENED } from '../../www/views/train-controls.js';

const root = new URL('../../', import.meta.url);

/** All Rust sources of a folder as one text: modules may be renamed. */
function rust(folder) {
  const files = readdirSync(new URL(folder, root), { recursive: true }).filter((file) => file.endsWith('.rs'));
  return files.sort().map((file) => readFileSync(new URL(`${folder}${file}`, root), 'utf8')).join('\n');
}

/** The texts in the Rust array of a name. */
function namesIn(source, array) {
  const [, list] = new RegExp(`const ${array}: [^=]*=\\s*&?\\[([^\\]]*)\\]`).exec(source) ?? assert.fail(`no array ${array}`);
  return [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name);
}

/** The members of an interface of the declarations, and of the one that it extends, with their types. */
function membersOf(declarations, name) {
  const [, base, body] = new RegExp(`export interface ${name}(?: extends (\\w+))? \\{\\n([^]*?)\\n\\}`).exec(declarations)
    ?? assert.fail(`no interface ${name}`);
  const code = body.replaceAll(/\/\*\*[^]*?\*\//g, '');
  const own = [...code.matchAll(/^ {2}(\w+)\??:\s([^]*?);$/gm)].map(([, member, type]) => [member, type]);
  return new Map([...(base ? membersOf(declarations, base) : []), ...own]);
}

/** The flags of a struct of clap's and of those that are flattened into it, with their defaults, the flag's name first. */
function flagsOf(source, struct) {
  const [, body] = new RegExp(`struct ${struct} \\{\\n([^]*?)\\n\\}`).exec(source) ?? assert.fail(`no struct ${struct}`);
  const flattened = [...body.matchAll(/#\[command\(flatten\)\]\s*(?:pub(?:\([^)]*\))? )?\w+: (\w+)/g)];
  const own = [...body.matchAll(/#\[arg\(([^]*?)\)\]\s*(?:pub(?:\([^)]*\))? )?(\w+):/g)]
    .filter(([, settings]) => /\blong\b/.test(settings))
    .map(([, settings, field]) => {
      const named = /\blong = "([^"]+)"/.exec(settings)?.[1] ?? kebab(field);
      return [named, /\bdefault_value(?:_t)? = "?([^",]+)"?/.exec(settings)?.[1]];
    });
  return [...own, ...flattened.flatMap(([, inner]) => flagsOf(source, inner))];
}

const kebab = (name) => name.replaceAll('_', '-').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const engine = rust('src/wasm/');
const declarations = readFileSync(new URL('src/wasm/train.d.ts', root), 'utf8');
const commandLine = rust('src/bin/tepal/');
const trainCommand = readFileSync(new URL('src/bin/tepal/train.rs', root), 'utf8');
const flags = new Map(flagsOf(trainCommand + commandLine, 'Arguments'));

/** Options that the command line does not call by their own name, with the reason. */
const FLAGS = {
  kinds: ['number', 'date', 'category'], // A flag takes the columns of one kind.
  about: ['unit', 'describe'], // A flag takes one text for each column.
  intercept: ['no-intercept'], // A flag switches off what is on by itself.
  origin: [], // The command line reads other formats itself, and knows what they were.
  numberColumns: [],
  tolerance: [], // A fit from the command line is certified at the tolerance of every other.
};

/** Flags that are no options of a training: they are about the program. */
const PROGRAM = ['output', 'json', 'sheet', 'stream', 'threads'];

/** Words of the engine's that the form does not offer as entries. */
const NOT_OFFERED = {
  scale: ['none'], // The form has a switch for it.
  solver: ['linfa'], // The page is built without it.
};

test('the engine has the names of the table and no others', () => {
  assert.deepEqual([...namesIn(engine, 'ROLES'), ...namesIn(engine, 'READ')].sort(), Object.keys(ROLES).sort());
  assert.deepEqual(namesIn(engine, 'FIT').sort(), Object.keys(FIT).sort());
});

test('the declarations have the names of the table and no others', () => {
  assert.deepEqual([...membersOf(declarations, 'Roles').keys()].sort(), Object.keys(ROLES).sort());
  assert.deepEqual([...membersOf(declarations, 'FitOptions').keys()].sort(), Object.keys(FIT).sort());
});

test('the declared types are the kinds and the words of the table', () => {
  const types = new Map([...membersOf(declarations, 'Roles'), ...membersOf(declarations, 'FitOptions')]);
  const expected = {
    number: /^number$/, wholeNumber: /^number$/, flag: /^boolean$/, flags: /^boolean\[\]$/, text: /^string$/, texts: /^string\[\]$/,
    byColumn: /^Record<string, /, bytes: /^Uint8Array$/,
  };
  for (const [name, { kind, choices, orElse }] of Object.entries(OPTIONS)) {
    const type = types.get(name);
    if (kind !== 'choice') assert.match(type, expected[kind], name);
    // What takes any text declares no words: they are in its comment.
    const words = orElse === 'text' ? [] : (choices ?? []);
    assert.deepEqual([...type.matchAll(/'([^']+)'/g)].map(([, word]) => word), words, name);
    if (orElse === 'number' || orElse === 'rule') assert.match(type, /\| number\b/, name);
  }
});

test('the words of an option that takes any text are those of its comment', () => {
  const comment = /\/\*\*([^*]*)\*\/\s*imputeCategory\?/.exec(declarations)?.[1] ?? '';
  assert.deepEqual([...comment.matchAll(/`([^`]+)`/g)].map(([, word]) => word), OPTIONS.imputeCategory.choices);
});

test('every option has its flag on the command line, but for those with a reason', () => {
  const missing = Object.keys(OPTIONS).flatMap((name) => FLAGS[name] ?? [kebab(name)]).filter((flag) => !flags.has(flag));
  assert.deepEqual(missing, []);
  for (const name of Object.keys(FLAGS)) assert.ok(!flags.has(kebab(name)), `--${kebab(name)} needs no exception`);
});

test('every flag of the command line is an option, but for those of the program', () => {
  const named = Object.keys(OPTIONS).flatMap((name) => FLAGS[name] ?? [kebab(name)]);
  assert.deepEqual([...flags.keys()].filter((flag) => !named.includes(flag)).sort(), [...PROGRAM].sort());
});

test('the command line has the defaults of the table', () => {
  const defaults = [...flags].filter(([, value]) => value !== undefined);
  assert.ok(defaults.length >= 5, `${defaults.length} defaults`);
  for (const [flag, value] of defaults) {
    const name = Object.keys(OPTIONS).find((option) => kebab(option) === flag);
    assert.equal(value, String(OPTIONS[name].default), flag);
  }
});

test('the entries of the form are the words of the engine, or open boxes', () => {
  const isChoice = ([name, { kind, control }]) => kind === 'choice' && control !== undefined && !(name in READ);
  assert.deepEqual(Object.entries(OPTIONS).filter(isChoice).map(([name]) => name).sort(), Object.keys(ENTRIES).sort());
  for (const [name, entries] of Object.entries(ENTRIES)) {
    const { choices, default: usual } = OPTIONS[name];
    const opening = Object.keys(OPENED[name] ?? {});
    const offered = Object.keys(entries).filter((entry) => entry !== '' && !opening.includes(entry));
    assert.deepEqual([...offered, ...(NOT_OFFERED[name] ?? [])].sort(), [...choices].sort(), name);
    // The first entry is the engine's choice.
    assert.equal(Object.keys(entries)[0], usual ?? '', name);
    for (const entry of opening) assert.ok(entry in entries, `${name} ${entry}`);
  }
});

test('the entries of how a file is read are the words of the engine, and automatic', () => {
  assert.deepEqual(Object.keys(READ_ENTRIES.decimal), ['', ...READ.decimal.choices]);
  for (const entries of Object.values(READ_ENTRIES)) {
    assert.equal(Object.keys(entries)[0], '');
    for (const word of Object.values(entries)) assert.equal(typeof later.read[word], 'string', word);
  }
});

test('every entry of the form has a word, or is a name', () => {
  for (const word of Object.values(ENTRIES).flatMap(Object.values)) {
    assert.ok(/^[A-Z]/.test(word) || typeof later.train[word] === 'string', word);
  }
});

test('roles and the options of a fit are told apart, and an unknown name is left to the fit', () => {
  const options = { target: 'y', l2: 2, kinds: { zip: 'category' }, tset: 0.2, header: false, skip: 2 };
  assert.deepEqual(rolesAndFit(options), {
    roles: { target: 'y', kinds: { zip: 'category' }, header: false, skip: 2 },
    fitOptions: { l2: 2, tset: 0.2 },
  });
  for (const name of Object.keys(OPTIONS)) {
    const { roles, fitOptions } = rolesAndFit({ [name]: 1 });
    assert.deepEqual([name in roles, name in fitOptions], [name in ROLES, name in FIT], name);
  }
});
