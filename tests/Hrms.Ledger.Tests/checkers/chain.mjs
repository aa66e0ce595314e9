// Reads a ledger from a node with viem and with ethers, by the committed ABI alone, and holds what it finds against the leaves, nullifiers and members that
// standard input says were committed: { rpc, ledger, consortium, batches: [{ lane, number, leaves, nullifiers }], unpublished, members, writers }.
// The argument is the folder of the ABIs. Prints one line of JSON: { checked, differences: [], count }.
import { readFileSync } from "node:fs";
import { Contract, JsonRpcProvider, keccak256 as ethersKeccak, concat as ethersConcat } from "ethers";
import { concat, createPublicClient, http, keccak256, parseAbiItem } from "viem";

const input = JSON.parse(readFileSync(0, "utf8"));
const abiOf = (name) => JSON.parse(readFileSync(`${process.argv[2]}/${name}.json`, "utf8")).abi;
const [ledgerAbi, consortiumAbi] = [abiOf("HealthLedger"), abiOf("Consortium")];
const differences = [];
let checked = 0;
const same = (what, expected, found) => {
  checked++;
  if (String(expected).toLowerCase() !== String(found).toLowerCase()) differences.push(`${what}: ${expected} expected, ${found} found`);
};

// The tree as docs/proof-bundle.md describes it, built a second time.
const levelsOf = (leaves, hash, join) => {
  const node = (a, b) => hash(join(BigInt(a) <= BigInt(b) ? [a, b] : [b, a]));
  const levels = [leaves];
  while (levels.at(-1).length > 1) levels.push(levels.at(-1).filter((_, k) => k % 2 === 0).map((left, k) => node(left, levels.at(-1)[2 * k + 1])));
  return levels;
};
const pathOf = (levels, index) => levels.slice(0, -1).map((level, depth) => level[(index >> depth) ^ 1]);

const readers = {
  viem: async () => {
    const client = createPublicClient({ transport: http(input.rpc) });
    const read = (address, abi) => (functionName, ...args) => client.readContract({ address, abi, functionName, args });
    const logs = async (event) => (await client.getLogs({ address: input.ledger, event: parseAbiItem(event), fromBlock: 0n })).map((log) => log.args);
    return { hash: keccak256, join: concat, ledger: read(input.ledger, ledgerAbi), consortium: read(input.consortium, consortiumAbi),
      committed: await logs("event Committed(uint32 indexed lane, uint64 indexed number, bytes32 root)"),
      nullified: (await logs("event Nullified(bytes32 indexed nullifier)")).map((log) => log.nullifier) };
  },
  ethers: async () => {
    const provider = new JsonRpcProvider(input.rpc, undefined, { batchMaxCount: 50 });
    const [ledger, consortium] = [new Contract(input.ledger, ledgerAbi, provider), new Contract(input.consortium, consortiumAbi, provider)];
    const logs = async (name) => (await ledger.queryFilter(name, 0)).map((log) => log.args);
    const reader = { hash: ethersKeccak, join: ethersConcat, ledger: (name, ...args) => ledger[name](...args), consortium: (name, ...args) => consortium[name](...args),
      committed: (await logs("Committed")).map(({ lane, number, root }) => ({ lane, number, root })), nullified: (await logs("Nullified")).map((log) => log.nullifier) };
    reader.close = () => provider.destroy();
    return reader;
  },
};

for (const [name, open] of Object.entries(readers)) {
  const { hash, join, ledger, consortium, committed, nullified, close } = await open();
  const published = [...new Set(input.batches.flatMap((batch) => batch.nullifiers))];
  same(`${name}: batches in the log`, input.batches.length, committed.length);
  same(`${name}: nullifiers in the log`, [...published].sort(), [...nullified].sort());
  const unused = input.unpublished[0];
  for (const batch of input.batches) {
    const place = `${name}: batch ${batch.number} of lane ${batch.lane}`;
    const levels = levelsOf(batch.leaves, hash, join);
    same(`${place} in the log`, levels.at(-1)[0], committed.find((log) => Number(log.lane) === batch.lane && Number(log.number) === batch.number)?.root);
    same(place, levels.at(-1)[0], await ledger("rootOf", batch.lane, batch.number));
    for (const [index, leaf] of batch.leaves.entries()) {
      const path = pathOf(levels, index);
      same(`${place}, leaf ${index}`, true, await ledger("isAnchored", leaf, path, batch.lane, batch.number));
      same(`${place}, leaf ${index}, one sibling short`, path.length === 0, await ledger("isAnchored", leaf, path.slice(1), batch.lane, batch.number));
      same(`${place}, consent ${index}`, true, await ledger("checkConsent", leaf, path, batch.lane, batch.number, unused));
      for (const nullifier of batch.nullifiers) same(`${place}, revoked ${index}`, false, await ledger("checkConsent", leaf, path, batch.lane, batch.number, nullifier));
    }
  }
  for (const lane of new Set(input.batches.map((batch) => batch.lane)))
    same(`${name}: last of lane ${lane}`, Math.max(...input.batches.filter((batch) => batch.lane === lane).map((batch) => batch.number)), await ledger("last", lane));
  for (const nullifier of published) same(`${name}: nullifier ${nullifier}`, true, await ledger("isRevoked", nullifier));
  for (const nullifier of input.unpublished) same(`${name}: nullifier ${nullifier}`, false, await ledger("isRevoked", nullifier));
  same(`${name}: members`, input.members, await consortium("members"));
  same(`${name}: the consortium's ledger`, input.ledger, await consortium("ledger"));
  same(`${name}: the ledger's governor`, input.consortium, await ledger("governor"));
  for (const [lane, writer] of input.writers.entries()) same(`${name}: writer of lane ${lane}`, writer, (await ledger("writersOf", lane))[0]);
  close?.();
}

console.log(JSON.stringify({ checked, differences: differences.slice(0, 20), count: differences.length }));
