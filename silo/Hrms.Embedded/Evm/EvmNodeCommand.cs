using System.Globalization;
using Hrms.Embedded.Processes;

namespace Hrms.Embedded.Evm;

/// <summary>How anvil is called so that it behaves like the consortium's chain: London rules, gas without a price.</summary>
internal static class EvmNodeCommand
{
    /// <summary>
    /// The first block's time, 2026-01-01T00:00:00Z. Fixed, so that a chain begun anew has the genesis hash of the lost one and
    /// the ledger writer recognises it as the same chain, only behind.
    /// </summary>
    private const string GenesisTime = "1767225600";

    /// <summary>
    /// What the node may ask the system for, in bytes: several times what the longest load run needs. One that grows without end would take the whole machine with it (ADR 0004).
    /// </summary>
    private const string MemoryMax = "12884901888";

    public static ServiceCommand For(EmbeddedEvmNodeOptions options, int port)
    {
        var state = Path.Combine(options.Folder, "state.json");
        var leftState = Path.Combine(options.Folder, "state.new.json");
        List<string> command =
        [
            .. OperatingSystem.IsLinux() ? ["prlimit", $"--as={MemoryMax}"] : Array.Empty<string>(),
            EmbeddedBinaries.Anvil, "--host", "127.0.0.1", "--port", Text(port), "--chain-id", Text(options.ChainId),
            "--hardfork", "london", "--timestamp", GenesisTime, "--gas-limit", Text(options.BlockGasLimit),
            "--gas-price", "0", "--block-base-fee-per-gas", "0", "--disable-min-priority-fee",
            "--accounts", "0",                                  // no account that everyone has the key of
            "--no-cors",                                        // no web page may call it
            "--no-request-size-limit",                          // JSON-RPC batches of 1,024
            // Of older blocks the headers, transactions and receipts stay, but not the state: nobody asks for it, and the node keeps it whole for each block, some 90 bytes for every revocation
            // there ever was.
            "--prune-history", "16",
            "--cache-path", Path.Combine(options.Folder, "cache"), "--dump-state", leftState, "--quiet",
        ];
        if (File.Exists(state))
            command.AddRange(["--load-state", state]);
        if (options.BlockTime is not null)
            command.Add("--no-mining");                         // BlockTicker says when
        return new ServiceCommand
        {
            Name = "The EVM node", Folder = options.Folder, CommandLine = command, StopSignal = "TERM", KeptFile = (leftState, state),
            // Stopped while it makes a block, anvil writes the block's effects without the block: 12 of 430 stops within 2 ms of a send, none of 192 after 0.1 s.
            StopGraceSeconds = 0.1,
        };
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
