// A GraphQL client for the terminal, for the README's walk-through:
//   node eng/gql.mjs [--get path] <token> <document> [name=value | name=@file.json ...]
// A declared $commandId that is not given gets a fresh UUID. HRMS_URL names the server (default http://127.0.0.1:5080).
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';

const args = process.argv.slice(2);
const get = args[0] === '--get' ? args.splice(0, 2)[1] : null;
const [token, query, ...pairs] = args;
const variables = /\$commandId\b/.test(query) ? { commandId: randomUUID() } : {};
for (const pair of pairs) {
  const at = pair.indexOf('=');
  const value = pair.slice(at + 1);
  variables[pair.slice(0, at)] = value.startsWith('@') ? JSON.parse(readFileSync(value.slice(1), 'utf8')) : /^\d+$/.test(value) ? Number(value) : value;
}

const response = await fetch(`${process.env.HRMS_URL ?? 'http://127.0.0.1:5080'}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
  body: JSON.stringify({ query, variables }),
});
const answer = await response.json();
if (answer.errors) {
  console.error(JSON.stringify(answer.errors));
  process.exit(1);
}
const found = get ? get.split('.').reduce((value, name) => value?.[name], answer.data) : answer.data;
// The items of a list a line each.
for (const item of Array.isArray(found) ? found : [found]) console.log(typeof item === 'string' ? item : JSON.stringify(item));
