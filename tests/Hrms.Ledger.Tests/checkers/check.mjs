// Reads { transactions, calls, leaves, trees } from standard input, made by the C# code, and says what ethers and viem make of the same inputs.
// Prints one line of JSON: { checked, differences: [] }.
import { readFileSync } from "node:fs";
import { Transaction, Wallet, getCreateAddress, keccak256 as ethersKeccak, id, concat as ethersConcat } from "ethers";
import { concat, encodeDeployData, encodeFunctionData, keccak256, numberToHex, pad, parseTransaction, recoverTransactionAddress } from "viem";

const input = JSON.parse(readFileSync(0, "utf8"));
const compiled = (name) => JSON.parse(readFileSync(`${process.argv[2]}/${name}.json`, "utf8"));
const [ledger, consortium] = [compiled("HealthLedger"), compiled("Consortium")];
const abi = [...ledger.abi, ...consortium.abi.filter((item) => item.type !== "constructor")];
const differences = [];
let checked = 0;
const same = (what, ours, theirs) => {
  checked++;
  if (String(ours).toLowerCase() !== String(theirs).toLowerCase()) differences.push(`${what}: ${ours} here, ${theirs} there`);
};

for (const [i, t] of input.transactions.entries()) {
  const wallet = new Wallet(t.key);
  same(`address of key ${i}`, t.address, wallet.address);
  const fields = { type: 0, nonce: t.nonce, gasPrice: 0, gasLimit: t.gasLimit, to: t.to ?? null, value: 0, data: t.data, chainId: BigInt(t.chainId) };
  same(`transaction ${i} signed by ethers`, t.signed, await wallet.signTransaction(fields));
  const parsed = Transaction.from(t.signed);
  same(`hash ${i}`, t.hash, parsed.hash);
  same(`sender ${i}`, t.address, parsed.from);
  same(`sender ${i} by viem`, t.address, await recoverTransactionAddress({ serializedTransaction: t.signed }));
  const byViem = parseTransaction(t.signed);
  same(`nonce ${i} by viem`, t.nonce, byViem.nonce ?? 0);
  same(`data ${i} by viem`, t.data, byViem.data ?? "0x");
  same(`chain ${i} by viem`, t.chainId, byViem.chainId);
  same(`created contract ${i}`, t.created, getCreateAddress({ from: t.address, nonce: t.nonce }));
}

for (const call of input.calls) {
  const theirs = call.function === "constructor"
    ? encodeDeployData({ abi: consortium.abi, bytecode: consortium.bytecode, args: call.arguments })
    : encodeFunctionData({ abi, functionName: call.function, args: call.arguments });
  same(`call of ${call.function}`, call.data, theirs);
}

for (const error of input.errors) same(`selector of ${error.signature}`, error.selector, id(error.signature).slice(0, 10));

for (const [i, l] of input.leaves.entries()) {
  const stream = pad("0x" + l.stream.replaceAll("-", ""), { size: 32 });
  const preimage = concat([l.salt, stream, numberToHex(l.version, { size: 8 }), l.prevLeaf, keccak256(l.ciphertext)]);
  same(`leaf ${i} by viem`, l.leaf, keccak256(keccak256(preimage)));
  same(`hash of ciphertext ${i} by ethers`, ethersKeccak(l.ciphertext), keccak256(l.ciphertext));
}

const node = (a, b) => ethersKeccak(ethersConcat(BigInt(a) <= BigInt(b) ? [a, b] : [b, a]));
for (const [i, tree] of input.trees.entries()) {
  let level = tree.leaves;
  while (level.length > 1) level = level.filter((_, k) => k % 2 === 0).map((left, k) => node(left, level[2 * k + 1]));
  same(`root of tree ${i}`, tree.root, level[0]);
  tree.paths.forEach((path, k) => same(`path ${k} of tree ${i}`, tree.root, path.reduce(node, tree.leaves[k])));
}

console.log(JSON.stringify({ checked, differences: differences.slice(0, 20), count: differences.length }));
