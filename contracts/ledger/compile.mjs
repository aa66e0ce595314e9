// Compiles the contracts into abi/*.json, which are committed and built into the silo and the verifier.
// `node compile.mjs` writes them; `node compile.mjs --check` fails when a committed file is not what the sources compile to;
// `node compile.mjs --undescribed` fails when something public has no description (NatSpec).
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const here = dirname(fileURLToPath(import.meta.url));
const { keccak256 } = createRequire(createRequire(import.meta.url).resolve("solc"))("js-sha3");
const names = ["HealthLedger", "Consortium", "PatientKeys"];

const settings = {
  evmVersion: "london", // what the consortium's free-gas chains run
  optimizer: { enabled: true, runs: 1_000_000 }, // deployed once, called for years
  metadata: { bytecodeHash: "none" }, // a changed comment does not change the code
  outputSelection: { "*": { "*": ["abi", "userdoc", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

const read = (path) => readFileSync(path, "utf8").replaceAll("\r\n", "\n");
const sources = {};
for (const file of readdirSync(join(here, "src")).sort()) sources[`src/${file}`] = { content: read(join(here, "src", file)) };
const load = (path) => {
  try {
    return { contents: (sources[path] = { content: read(join(here, "node_modules", path)) }).content };
  } catch (error) {
    return { error: `${path} is missing (${error.code}): run npm ci in contracts/ledger` };
  }
};

const compiled = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources: { ...sources }, settings }), { import: load }));
for (const problem of compiled.errors ?? []) console.error(problem.formattedMessage);
if (compiled.errors?.length) process.exit(1); // warnings are errors

const sourceHash = createHash("sha256");
for (const path of Object.keys(sources).sort()) sourceHash.update(`${path}\n${sources[path].content}\n`);
const sourcesAre = "0x" + sourceHash.digest("hex");

const artefact = (name) => {
  const { abi, evm } = compiled.contracts[`src/${name}.sol`][name];
  const deployed = evm.deployedBytecode.object;
  const described = {
    contract: name,
    compiler: solc.version().replace(".Emscripten.clang", ""),
    evmVersion: settings.evmVersion,
    optimizerRuns: settings.optimizer.runs,
    sourceHash: sourcesAre,
    deployedBytes: deployed.length / 2,
    deployedBytecodeHash: "0x" + keccak256(Buffer.from(deployed, "hex")),
    abi,
    bytecode: "0x" + evm.bytecode.object,
  };
  return JSON.stringify(described, null, 2) + "\n";
};

if (process.argv.includes("--undescribed")) {
  for (const name of names) {
    const { abi, userdoc } = compiled.contracts[`src/${name}.sol`][name];
    const described = [userdoc.methods, userdoc.errors, userdoc.events].flatMap((kind) => Object.keys(kind ?? {}).map((signature) => signature.split("(")[0]));
    for (const item of abi.filter((item) => item.name && !described.includes(item.name))) {
      console.error(`${name}.${item.name} has no @notice.`);
      process.exitCode = 1;
    }
  }
  process.exit();
}

mkdirSync(join(here, "abi"), { recursive: true });
for (const name of names) {
  const output = join(here, "abi", `${name}.json`);
  if (!process.argv.includes("--check")) {
    writeFileSync(output, artefact(name));
    console.log(`${output}: ${JSON.parse(artefact(name)).deployedBytes} bytes`);
  } else if (!existsSync(output) || read(output) !== artefact(name)) {
    console.error(`abi/${name}.json is not what src/ compiles to. Run \`npm ci && npm run compile\` in contracts/ledger and commit the result.`);
    process.exitCode = 1;
  }
}
